/// The callers' side of sharing a store: finding its owner or starting one ([Owners]), and speaking
/// to it ([RpcClient]).
@NullMarked
package dev.remanence.daemon.client;

import org.jspecify.annotations.NullMarked;
