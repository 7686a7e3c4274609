/// What both ends of a connection share: where the owner of a store is found ([Endpoint]), and how
/// lines are read without trusting who writes them ([LineReader]).
@NullMarked
package dev.remanence.daemon.wire;

import org.jspecify.annotations.NullMarked;
