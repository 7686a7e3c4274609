// A disk that fails on command: for everything below one watched directory of the process that preloads this library.
// Linux, 64 bit. The Java face is dev.remanence.testkit.FaultyDisk; `testkit/faultydisk` compiles this file.
//
// Interposed is what sqlite-jdbc, libjava and libnio import (nm -D, JDK 25): nothing else writes below the directory.
//
// One file, because what a call records and what a cut makes of the record are one ledger.
//
// What holds:
// 1. An operation is a write, sync, truncation, or a name made, removed or renamed. Operations are numbered from 1
//    after `faulty_watch` and `faulty_apply`. Reads and opens are not operations; opens fail after a cut.
// 2. A failed operation leaves the disk untouched. The one exception is the operation the power is cut at: it
//    happens, its caller is told EIO, and like everything else that is not synced it may or may not be there
//    afterwards.
// 3. A file's content is durable up to its last successful sync. Of what came later a cut leaves, for each 512-byte
//    sector, the content after some operation since then: a page cache writes sectors back at any time, in any order,
//    each whole. A truncation that later surviving bytes of the same file build on survives.
// 4. A failed sync loses its writes for good: as on Linux, a later sync that succeeds does not cover them
//    (fsyncgate).
// 5. Names are journaled: a cut keeps a prefix of the changes since they were durable. A sync of a directory settles
//    all changes up to the last one into that directory; a sync of a file settles all up to that file's own creation,
//    which is ext4's habit and no more of it: a rename or removal is durable only by its directory.
// 6. Files named *-shm are SQLite's shared memory, written by mapping and unseen here. A cut leaves them empty, whole
//    or as garbage. Any other writable shared mapping makes `faulty_apply` refuse.
// 7. No sync reaches a device. The running process sees the page cache, so only the ledger below decides what a cut
//    takes.
// 8. What this cannot do faithfully ends the process with a message: a test that runs on would prove nothing.
// 9. Closing any descriptor of an inode drops this process's POSIX locks on it, so the ledger's own descriptor of a
//    file is closed only when no other is open.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SECTOR = 512, DESCRIPTORS = 65536, CUT = -1 };
enum kind { ANY, WRITE, SYNC, TRUNCATE, MAKE, MAKE_DIRECTORY, REMOVE, REMOVE_DIRECTORY, RENAME, KINDS };
enum survival { LOST, KEPT, TORN };
static const char *const kind_names[KINDS] = {
    "any", "write", "sync", "truncate", "make", "mkdir", "remove", "rmdir", "rename"};

// A write at `offset`, or a truncation to `offset`. `bytes` holds what it overwrote; once undone, what it wrote.
struct change {
  enum kind kind;
  uint64_t sequence;
  off_t offset, size_before;
  size_t size, bytes_size;
  char *bytes;
  bool durable, missed;
};

struct file {
  dev_t device;
  ino_t inode;
  char *path;  // The name it was first opened by, for messages.
  int held;  // The ledger's own descriptor, for reading what is overwritten.
  int open;  // Descriptors of the process.
  bool scratch;
  struct change *changes;
  size_t count, capacity;
  struct file *next;
};

// A change of names. A removed or replaced file stays linked as `saved` in the attic until the change is durable.
struct renaming {
  enum kind kind;
  char *path, *target, *saved;
  dev_t device;
  ino_t inode;
};

static struct descriptor {
  struct file *_Atomic file;
  char *directory;
  bool append;
} descriptors[DESCRIPTORS];

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;  // Guards everything below.
static char watched[PATH_MAX], attic[PATH_MAX + 32], last_fault[PATH_MAX + 64];
static struct file *files;
static struct renaming *renamings;
static size_t renamings_count, renamings_capacity;
static uint64_t sequence, saved_count;
static int64_t counts[KINDS], fail_at, fail_sync_at, short_at, cut_at, injected, budget = -1;
static size_t short_size;
static int fail_errno, delay_micros;
static bool fail_on, lying, cut, mapped;

#define LOCKED __attribute__((cleanup(unlock))) pthread_mutex_t *held_mutex = lock(); (void) held_mutex
static pthread_mutex_t *lock(void) { pthread_mutex_lock(&mutex); return &mutex; }
static void unlock(pthread_mutex_t **held) { pthread_mutex_unlock(*held); }
static int failed(int error) { errno = error; return -1; }

static void require(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "faultydisk: cannot go on: %s: %m\n", what);
  abort();
}

static bool below(const char *path) {
  size_t size = strlen(watched);
  return size > 0 && strncmp(path, watched, size) == 0 && (path[size] == '/' || path[size] == 0);
}

// Makes `path` absolute, and tells whether it is watched. Symbolic links and dots are taken literally.
static bool resolve(int directory, const char *path, char full[PATH_MAX]) {
  if (watched[0] == 0 || path == NULL) return false;
  if (path[0] == '/') return snprintf(full, PATH_MAX, "%s", path) < PATH_MAX && below(full);
  char link[64], base[PATH_MAX];
  snprintf(link, sizeof link, directory == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", directory);
  ssize_t size = readlink(link, base, sizeof base - 1);
  if (size < 0) return false;
  base[size] = 0;
  return snprintf(full, PATH_MAX, "%s/%s", base, path) < PATH_MAX && below(full);
}

static off_t size_of(struct file *file) {
  struct stat status;
  return fstat(file->held, &status) == 0 ? status.st_size : 0;
}

static void *extend(void *array, size_t count, size_t *capacity, size_t item) {
  if (count < *capacity) return array;
  *capacity = *capacity == 0 ? 64 : *capacity * 2;
  return realloc(array, *capacity * item);
}

static void put(struct file *file, const char *bytes, size_t size, off_t offset) {
  require(syscall(SYS_pwrite64, file->held, bytes, size, offset) == (long) size, file->path);
}

static char *get(struct file *file, size_t size, off_t offset) {
  char *bytes = malloc(size + 1);
  require(pread(file->held, bytes, size, offset) == (ssize_t) size, file->path);
  return bytes;
}

static void resize(struct file *file, off_t size) {
  require(syscall(SYS_ftruncate, file->held, size) == 0, file->path);
}

// Numbers an operation and tells its fate: 0 to happen, an errno to fail with, CUT to happen and be reported as EIO.
static int next_operation(enum kind kind, const char *path) {
  if (cut) return EIO;
  int64_t number = ++counts[ANY];
  counts[kind]++;
  cut = number == cut_at;
  bool fails = fail_at > 0 && (number == fail_at || (fail_on && number > fail_at));
  fails |= kind == SYNC && fail_sync_at > 0 && counts[SYNC] == fail_sync_at;
  if (!cut && !fails && number != short_at) return 0;
  injected++;
  snprintf(last_fault, sizeof last_fault, "%s: operation=%ld, kind=%s, path=%s",
           cut ? "cut" : fails ? strerrorname_np(fail_errno) : "short", (long) number, kind_names[kind], path);
  return cut ? CUT : fails ? fail_errno : 0;
}

// Enters a change into the file's ledger, before it happens.
static void record(struct file *file, enum kind kind, off_t offset, size_t size) {
  if (file->scratch) return;
  off_t before = size_of(file), end = kind == WRITE ? offset + (off_t) size : before;
  if (end > before) end = before;
  file->changes = extend(file->changes, file->count, &file->capacity, sizeof *file->changes);
  struct change *change = &file->changes[file->count++];
  *change = (struct change){.kind = kind, .sequence = ++sequence, .offset = offset, .size_before = before, .size = size,
                            .bytes_size = end > offset ? end - offset : 0};
  change->bytes = get(file, change->bytes_size, offset);
}

static void record_renaming(
    enum kind kind, const char *path, const char *target, const char *saved, const struct stat *file) {
  renamings = extend(renamings, renamings_count, &renamings_capacity, sizeof *renamings);
  renamings[renamings_count++] = (struct renaming){kind, strdup(path), target ? strdup(target) : NULL,
      saved ? strdup(saved) : NULL, file ? file->st_dev : 0, file ? file->st_ino : 0};
}

static void forget_renamings(size_t first, size_t count) {
  for (size_t i = first; i < first + count; i++) {
    if (renamings[i].saved) syscall(SYS_unlinkat, AT_FDCWD, renamings[i].saved, 0);
    free(renamings[i].path), free(renamings[i].target), free(renamings[i].saved);
  }
  memmove(renamings + first, renamings + first + count, (renamings_count - first - count) * sizeof *renamings);
  renamings_count -= count;
}

static void settle_file(struct file *file, uint64_t until) {
  for (size_t i = 0; i < file->count && file->changes[i].sequence <= until; i++) {
    file->changes[i].durable |= !file->changes[i].missed;
  }
  size_t settled = 0;
  while (settled < file->count && file->changes[settled].durable) free(file->changes[settled++].bytes);
  memmove(file->changes, file->changes + settled, (file->count - settled) * sizeof *file->changes);
  file->count -= settled;
  for (size_t i = renamings_count; i-- > 0;) {
    struct renaming *made = &renamings[i];
    if (made->kind == MAKE && made->device == file->device && made->inode == file->inode) {
      forget_renamings(0, i + 1);
      return;
    }
  }
}

static void settle_directory(const char *directory) {
  size_t size = strlen(directory);
  for (size_t i = renamings_count; i-- > 0;) {
    const char *path = renamings[i].target ? renamings[i].target : renamings[i].path;
    if (strncmp(path, directory, size) == 0 && strrchr(path, '/') == path + size) {
      forget_renamings(0, i + 1);
      return;
    }
  }
}

static void attach(int descriptor, const char *path, int flags) {
  struct stat status;
  require(descriptor < DESCRIPTORS && fstat(descriptor, &status) == 0, path);
  struct descriptor *entry = &descriptors[descriptor];
  free(entry->directory);
  entry->directory = S_ISDIR(status.st_mode) ? strdup(path) : NULL;
  if (!S_ISREG(status.st_mode)) return;
  struct file *file = files;
  while (file && (file->device != status.st_dev || file->inode != status.st_ino)) file = file->next;
  if (!file) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    file = calloc(1, sizeof *file);
    *file = (struct file){.device = status.st_dev, .inode = status.st_ino, .path = strdup(path), .next = files};
    file->held = syscall(SYS_openat, AT_FDCWD, link, O_RDWR | O_CLOEXEC, 0);
    if (file->held < 0) file->held = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC, 0);
    size_t size = strlen(path);
    file->scratch = size > 4 && strcmp(path + size - 4, "-shm") == 0;
    files = file;
  }
  file->open++;
  entry->append = flags & O_APPEND;
  entry->file = file;
}

static void forget(struct file *file) {
  struct file **link = &files;
  while (*link != file) link = &(*link)->next;
  *link = file->next;
  for (size_t i = 0; i < file->count; i++) free(file->changes[i].bytes);
  syscall(SYS_close, file->held);
  free(file->changes), free(file->path), free(file);
}

static void detach(int descriptor) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS) return;
  struct descriptor *entry = &descriptors[descriptor];
  if (!entry->file && !entry->directory) return;
  LOCKED;
  struct file *file = entry->file;
  entry->file = NULL;
  free(entry->directory);
  entry->directory = NULL;
  if (file && --file->open == 0 && file->count == 0 && !file->scratch) forget(file);
}

static struct descriptor *find(int descriptor) {
  if (descriptor < 0 || descriptor >= DESCRIPTORS || !descriptors[descriptor].file) return NULL;
  return &descriptors[descriptor];
}

// ---- Interposed calls. The real ones are raw system calls: no symbol lookup that could run before this is loaded.

static int open_at(int directory, const char *path, int flags, mode_t mode) {
  char full[PATH_MAX];
  if (!resolve(directory, path, full)) {
    int plain = syscall(SYS_openat, directory, path, flags, mode);
    if (plain >= 0) detach(plain);
    return plain;
  }
  LOCKED;
  if (cut) return failed(EIO);
  struct stat status;
  bool exists = syscall(SYS_newfstatat, AT_FDCWD, full, &status, 0) == 0, makes = !exists && (flags & O_CREAT);
  bool truncates = exists && (flags & O_TRUNC) && !(flags & O_EXCL) && S_ISREG(status.st_mode) && status.st_size > 0;
  int verdict = makes ? next_operation(MAKE, full) : truncates ? next_operation(TRUNCATE, full) : 0;
  if (verdict > 0) return failed(verdict);
  int opened = syscall(SYS_openat, AT_FDCWD, full, flags & ~O_TRUNC, mode);
  if (opened < 0) return opened;
  attach(opened, full, flags);
  if (makes && fstat(opened, &status) == 0) record_renaming(MAKE, full, NULL, NULL, &status);
  if (truncates) {
    record(descriptors[opened].file, TRUNCATE, 0, 0);
    resize(descriptors[opened].file, 0);
  }
  if (verdict == 0) return opened;
  descriptors[opened].file->open--;
  descriptors[opened].file = NULL;
  syscall(SYS_close, opened);
  return failed(EIO);
}

#define MODE(flags) ({ mode_t mode = 0; if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } mode; })
int open(const char *path, int flags, ...) { return open_at(AT_FDCWD, path, flags, MODE(flags)); }
int open64(const char *path, int flags, ...) { return open_at(AT_FDCWD, path, flags, MODE(flags)); }
int openat(int directory, const char *path, int flags, ...) { return open_at(directory, path, flags, MODE(flags)); }
int openat64(int directory, const char *path, int flags, ...) { return open_at(directory, path, flags, MODE(flags)); }

int close(int descriptor) {
  detach(descriptor);
  return syscall(SYS_close, descriptor);
}

int dup2(int from, int to) {
  if (from != to) detach(to);
  return from == to ? fcntl(from, F_GETFD) < 0 ? -1 : to : (int) syscall(SYS_dup3, from, to, 0);
}

static ssize_t write_at(
    int descriptor, struct descriptor *entry, const void *bytes, size_t size, bool positional, off_t at) {
  LOCKED;
  struct file *file = entry->file;
  if (!file) return failed(EBADF);
  off_t before = size_of(file), offset = positional ? at : entry->append ? before : lseek(descriptor, 0, SEEK_CUR);
  int verdict = next_operation(WRITE, file->path);
  if (verdict > 0) return failed(verdict);
  if (counts[ANY] == short_at && short_size < size) size = short_size;
  off_t growth = offset + (off_t) size - before;
  if (budget >= 0 && growth > budget) {
    if (growth - budget >= (off_t) size) {
      injected++;
      return failed(ENOSPC);
    }
    size -= growth - budget;
    growth = budget;
  }
  if (budget >= 0 && growth > 0) budget -= growth;
  record(file, WRITE, offset, size);
  long written = positional ? syscall(SYS_pwrite64, descriptor, bytes, size, at)
                            : syscall(SYS_write, descriptor, bytes, size);
  require(written == (long) size, file->path);
  return verdict == CUT ? failed(EIO) : written;
}

static ssize_t write_any(int descriptor, const void *bytes, size_t size) {
  struct descriptor *entry = find(descriptor);
  return entry ? write_at(descriptor, entry, bytes, size, false, 0) : syscall(SYS_write, descriptor, bytes, size);
}

ssize_t write(int descriptor, const void *bytes, size_t size) { return write_any(descriptor, bytes, size); }

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off_t at) {
  struct descriptor *entry = find(descriptor);
  return entry ? write_at(descriptor, entry, bytes, size, true, at)
               : syscall(SYS_pwrite64, descriptor, bytes, size, at);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t at) {
  return pwrite64(descriptor, bytes, size, at);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  if (!find(descriptor)) return syscall(SYS_writev, descriptor, parts, count);
  size_t size = 0;
  for (int i = 0; i < count; i++) size += parts[i].iov_len;
  char *bytes = malloc(size + 1), *end = bytes;
  for (int i = 0; i < count; i++) end = mempcpy(end, parts[i].iov_base, parts[i].iov_len);
  ssize_t written = write_any(descriptor, bytes, size);
  free(bytes);
  return written;
}

// The kernel's copies are refused: the JDK then copies by read and write.
ssize_t sendfile64(int to, int from, off64_t *offset, size_t size) {
  return find(to) ? failed(EINVAL) : syscall(SYS_sendfile, to, from, offset, size);
}
ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags) {
  return find(to) ? failed(EINVAL) : syscall(SYS_copy_file_range, from, from_at, to, to_at, size, flags);
}
int ioctl(int descriptor, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  bool clones = request == FICLONE && find(descriptor);
  return clones ? failed(EOPNOTSUPP) : syscall(SYS_ioctl, descriptor, request, argument);
}

void *mmap64(void *address, size_t size, int protection, int flags, int descriptor, off64_t offset) {
  struct descriptor *entry = (flags & MAP_SHARED) && (protection & PROT_WRITE) ? find(descriptor) : NULL;
  if (entry && !entry->file->scratch) mapped = true;
  return (void *) syscall(SYS_mmap, address, size, protection, flags, descriptor, offset);
}
void *mmap(void *address, size_t size, int protection, int flags, int descriptor, off_t offset) {
  return mmap64(address, size, protection, flags, descriptor, offset);
}

static int sync_any(int descriptor, bool data_only) {
  struct descriptor *entry = descriptor >= 0 && descriptor < DESCRIPTORS ? &descriptors[descriptor] : NULL;
  if (!entry || (!entry->file && !entry->directory)) return syscall(data_only ? SYS_fdatasync : SYS_fsync, descriptor);
  pthread_mutex_lock(&mutex);
  int verdict = next_operation(SYNC, entry->file ? entry->file->path : entry->directory);
  uint64_t until = sequence;
  struct timespec pause = {delay_micros / 1000000, delay_micros % 1000000 * 1000};
  pthread_mutex_unlock(&mutex);
  if (pause.tv_sec + pause.tv_nsec > 0) {
    prctl(PR_SET_TIMERSLACK, 1);
    clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
  }
  LOCKED;
  if (verdict != 0 || cut) {
    struct file *file = entry->file;
    for (size_t i = 0; file && i < file->count && file->changes[i].sequence <= until; i++) {
      file->changes[i].missed = !file->changes[i].durable;
    }
    return failed(verdict > 0 ? verdict : EIO);
  }
  if (lying) return 0;
  if (entry->file) settle_file(entry->file, until);
  else if (entry->directory) settle_directory(entry->directory);
  return 0;
}

int fsync(int descriptor) { return sync_any(descriptor, false); }
int fdatasync(int descriptor) { return sync_any(descriptor, true); }

int ftruncate64(int descriptor, off_t size) {
  if (!find(descriptor)) return syscall(SYS_ftruncate, descriptor, size);
  LOCKED;
  struct file *file = descriptors[descriptor].file;
  if (!file) return failed(EBADF);
  int verdict = next_operation(TRUNCATE, file->path);
  if (verdict > 0) return failed(verdict);
  record(file, TRUNCATE, size, 0);
  resize(file, size);
  return verdict == CUT ? failed(EIO) : 0;
}
int ftruncate(int descriptor, off_t size) { return ftruncate64(descriptor, size); }

// One change of names, with the raw system call that does it.
static int change_names(enum kind kind, const char *path, const char *target, mode_t mode) {
  LOCKED;
  const char *gone = kind == REMOVE ? path : kind == RENAME ? target : NULL;
  char saved[PATH_MAX + 64];
  struct stat status;
  bool exists = syscall(SYS_newfstatat, AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
  if (exists == (kind == MAKE_DIRECTORY)) return failed(exists ? EEXIST : ENOENT);
  int verdict = next_operation(kind, path);
  if (verdict > 0) return failed(verdict);
  snprintf(saved, sizeof saved, "%s/%lu", attic, (unsigned long) ++saved_count);
  bool saves = gone && syscall(SYS_linkat, AT_FDCWD, gone, AT_FDCWD, saved, 0) == 0;
  long done = kind == MAKE_DIRECTORY ? syscall(SYS_mkdirat, AT_FDCWD, path, mode)
            : kind == RENAME ? syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, target, 0)
            : syscall(SYS_unlinkat, AT_FDCWD, path, kind == REMOVE_DIRECTORY ? AT_REMOVEDIR : 0);
  if (done == 0) record_renaming(kind, path, target, saves ? saved : NULL, NULL);
  else if (saves) syscall(SYS_unlinkat, AT_FDCWD, saved, 0);
  return verdict == CUT ? failed(EIO) : (int) done;
}

int unlinkat(int directory, const char *path, int flags) {
  char full[PATH_MAX];
  if (!resolve(directory, path, full)) return syscall(SYS_unlinkat, directory, path, flags);
  return change_names(flags & AT_REMOVEDIR ? REMOVE_DIRECTORY : REMOVE, full, NULL, 0);
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) { return unlink(path) == 0 ? 0 : errno == EISDIR ? rmdir(path) : -1; }

int mkdir(const char *path, mode_t mode) {
  char full[PATH_MAX];
  if (!resolve(AT_FDCWD, path, full)) return syscall(SYS_mkdirat, AT_FDCWD, path, mode);
  return change_names(MAKE_DIRECTORY, full, NULL, mode);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to) {
  char path[PATH_MAX], target[PATH_MAX];
  bool leaves = resolve(from_directory, from, path), enters = resolve(to_directory, to, target);
  if (leaves != enters) return failed(EXDEV);
  if (!leaves) return syscall(SYS_renameat2, from_directory, from, to_directory, to, 0);
  return change_names(RENAME, path, target, 0);
}
int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }
int link(const char *from, const char *to) {
  char full[PATH_MAX];
  return resolve(AT_FDCWD, from, full) || resolve(AT_FDCWD, to, full) ? failed(EPERM)
       : syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}

// ---- What a cut leaves.

static uint64_t draw(uint64_t *state) {  // splitmix64
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static void undo(struct file *file, struct change *change) {
  char *wrote = get(file, change->size, change->offset);
  resize(file, change->size_before);
  put(file, change->bytes, change->bytes_size, change->offset);
  free(change->bytes);
  change->bytes = wrote;
}

// Undoes all that is not known durable, then does again what the seed says reached the disk.
static void replay(struct file *file, enum survival survival, uint64_t *random) {
  off_t end = size_of(file);
  for (size_t i = file->count; i-- > 0;) {
    undo(file, &file->changes[i]);
    if (file->changes[i].offset + (off_t) file->changes[i].size > end) {
      end = file->changes[i].offset + file->changes[i].size;
    }
  }
  // For each sector the last change it was written back after, counted from 1; 0 when it never was.
  uint32_t *written_back = calloc(end / SECTOR + 1, sizeof *written_back);
  size_t last_kept = 0;
  for (size_t i = 0; i < file->count; i++) {
    struct change *change = &file->changes[i];
    enum survival fate = change->durable ? KEPT : survival == TORN ? draw(random) % 3 : survival;
    if (change->kind == TRUNCATE && fate == KEPT) last_kept = i + 1;
    off_t stop = change->size == 0 ? change->offset / SECTOR : (change->offset + (off_t) change->size - 1) / SECTOR + 1;
    for (off_t sector = change->offset / SECTOR; sector < stop; sector++) {
      if (fate == LOST || (fate == TORN && draw(random) % 2 == 0)) continue;
      written_back[sector] = last_kept = i + 1;
    }
  }
  for (size_t i = 0; i < last_kept; i++) {
    struct change *change = &file->changes[i];
    if (change->kind == TRUNCATE) resize(file, change->offset);
    off_t at = change->offset, stop = at + change->size;
    while (at < stop) {
      off_t next = (at / SECTOR + 1) * SECTOR < stop ? (at / SECTOR + 1) * SECTOR : stop;
      if (i < written_back[at / SECTOR]) put(file, change->bytes + (at - change->offset), next - at, at);
      at = next;
    }
  }
  free(written_back);
}

static void scramble(struct file *file, enum survival survival, uint64_t *random) {
  if (survival == LOST) resize(file, 0);
  if (survival != TORN) return;
  size_t size = size_of(file);
  uint64_t *garbage = malloc(size + sizeof *garbage);
  for (size_t i = 0; i * sizeof *garbage < size; i++) garbage[i] = draw(random);
  put(file, (char *) garbage, size, 0);
  free(garbage);
}

static void undo_renaming(struct renaming *renaming) {
  const char *back = renaming->kind == RENAME ? renaming->target : renaming->path;
  switch (renaming->kind) {
    case MAKE: syscall(SYS_unlinkat, AT_FDCWD, renaming->path, 0); break;
    case MAKE_DIRECTORY: syscall(SYS_unlinkat, AT_FDCWD, renaming->path, AT_REMOVEDIR); break;
    case REMOVE_DIRECTORY: syscall(SYS_mkdirat, AT_FDCWD, renaming->path, 0777); break;
    case RENAME: syscall(SYS_renameat2, AT_FDCWD, renaming->target, AT_FDCWD, renaming->path, 0); break;
    default: break;
  }
  if (renaming->saved) syscall(SYS_renameat2, AT_FDCWD, renaming->saved, AT_FDCWD, back, 0);
}

static int open_descriptors(void) {
  int open = 0;
  for (struct file *file = files; file; file = file->next) open += file->open;
  return open;
}

// The name of a file that is still open, for the message that says so.
static const char *open_name(void) {
  for (struct file *file = files; file; file = file->next) if (file->open > 0) return file->path;
  return "";
}

static void heal(void) {
  fail_at = fail_sync_at = short_at = cut_at = delay_micros = 0;
  fail_on = lying = false;
  budget = -1;
}

static void restart(void) {
  while (files) forget(files);
  forget_renamings(0, renamings_count);
  memset(counts, 0, sizeof counts);
  injected = last_fault[0] = 0;
  cut = mapped = false;
  heal();
}

// ---- Control. Every function has the one type that FaultyDisk.java calls. Those that forget the ledger return how many
// descriptors are still open, and then do nothing; -1 says that a file was mapped for writing.

int64_t faulty_watch(int64_t directory, int64_t unused) {
  (void) unused;
  LOCKED;
  if (open_descriptors() > 0) return open_descriptors();
  restart();
  if (watched[0]) syscall(SYS_unlinkat, AT_FDCWD, attic, AT_REMOVEDIR);
  snprintf(watched, sizeof watched, "%s", (const char *) directory);
  snprintf(attic, sizeof attic, "%s.attic-%d", watched, (int) getpid());
  require(watched[0] == 0 || syscall(SYS_mkdirat, AT_FDCWD, attic, 0700) == 0, attic);
  return 0;
}

int64_t faulty_apply(int64_t seed, int64_t survival) {
  LOCKED;
  if (open_descriptors() > 0) return open_descriptors();
  if (mapped) return -1;
  uint64_t random = seed;
  for (struct file *file = files; file; file = file->next) {
    if (file->scratch) scramble(file, survival, &random); else replay(file, survival, &random);
  }
  size_t kept = survival == LOST ? 0 : survival == KEPT ? renamings_count : draw(&random) % (renamings_count + 1);
  for (size_t i = renamings_count; i-- > kept;) undo_renaming(&renamings[i]);
  restart();
  return 0;
}

#define CONTROL(name, body) int64_t name(int64_t a, int64_t b) { LOCKED; (void) a; (void) b; body; return 0; }
CONTROL(faulty_fail_at, fail_at = a; fail_errno = b; fail_on = false)
CONTROL(faulty_fail_sync_at, fail_sync_at = a; fail_errno = b)
CONTROL(faulty_fail_from, fail_at = a; fail_errno = b; fail_on = true)
CONTROL(faulty_short_at, short_at = a; short_size = b)
CONTROL(faulty_budget, budget = a)
CONTROL(faulty_delay, delay_micros = a)
CONTROL(faulty_lie, lying = true)
CONTROL(faulty_cut_at, cut_at = a; cut |= a == 0)
CONTROL(faulty_heal, heal())
CONTROL(faulty_count, return counts[a])
CONTROL(faulty_injected, return injected)
CONTROL(faulty_open, return (int64_t) open_name())
CONTROL(faulty_last, return (int64_t) last_fault)
