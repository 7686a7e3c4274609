/// What native code needs as files: [Unpacked] lays it out of jars into a directory of the user.
package dev.remanence.unpack;
