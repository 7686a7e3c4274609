# Reads programs, each a JSON string on a line, and answers what Python makes of each, in the same form: what it printed, and the
# name of the exception that ended it. What leads out of a program is not there.
import builtins, contextlib, io, json, resource, signal, sys, warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(300)
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
MODULES = {"json", "math", "re", "datetime", "time", "statistics", "collections", "typing"}
OUT = {"open", "input", "eval", "exec", "compile", "__import__", "breakpoint", "exit", "quit", "help", "globals", "vars", "id", "hash"}
real_import = builtins.__import__


def guarded(name, *rest):
    if name not in MODULES:
        raise ImportError(name)
    return real_import(name, *rest)


def names():
    allowed = {k: v for k, v in vars(builtins).items() if k not in OUT}
    allowed["__import__"] = guarded
    return allowed


class Late(BaseException):
    pass


def late(*_):
    raise Late()


signal.signal(signal.SIGALRM, late)


def run(source):
    out = io.StringIO()
    scope = {"__name__": "__main__", "__builtins__": names()}
    for module in MODULES - {"typing"}:
        scope[module] = real_import(module)
    scope["echo"] = lambda value=None: value
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        with contextlib.redirect_stdout(out):
            code = compile(source, "p", "exec")
            exec(code, scope)
        end = ""
    except Late:
        end = "Late"
    except BaseException as e:
        end = type(e).__name__
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return out.getvalue()[:100000] + end


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), file=sys.__stdout__, flush=True)
