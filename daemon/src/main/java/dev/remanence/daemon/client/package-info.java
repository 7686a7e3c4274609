/// The callers' side of sharing a store: finding its owner or starting one ([Owners]), speaking to
/// it ([RpcClient]), and the interface of the engine over such calls (`RemoteStore`): a method is
/// written as a call (`Encoded`), a [Link] carries it, and the answer is read back (`Decoded`).
@NullMarked
package dev.remanence.daemon.client;

import org.jspecify.annotations.NullMarked;
