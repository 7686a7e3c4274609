package dev.remanence.embed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.remanence.RemanenceException.Unavailable;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;

/// A BERT-like network in native memory: ids to one vector. The only class beside [OnnxLibrary]
/// that knows ONNX Runtime, so that all others load without it.
///
/// One text a call, always: the 8-bit networks scale their numbers by what else is in the batch, so
/// a text's vector would depend on its neighbours.
final class OnnxSession implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Model model;

  private OnnxSession(OrtEnvironment environment, OrtSession session, Model model) {
    this.environment = environment;
    this.session = session;
    this.model = model;
  }

  /// Loads a network by its file, which spares the copy on the heap.
  static OnnxSession open(OrtEnvironment environment, Path network, Model model) {
    try (var options = new OrtSession.SessionOptions()) {
      // One thread a call: Turns lets one call a core run at once.
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // Plans of memory pay for texts of one length; without them the process stays smaller.
      options.setMemoryPatternOptimization(false);
      return new OnnxSession(
          environment, environment.createSession(network.toString(), options), model);
    } catch (OrtException e) {
      throw failed(model, e);
    }
  }

  private static Unavailable failed(Model model, OrtException cause) {
    return new Unavailable(
        "the model " + model.setting() + " cannot be used: " + cause.getMessage(),
        cause,
        "model",
        model.setting());
  }

  float[] vector(int[] ids) {
    var inputs = new HashMap<String, OnnxTensor>();
    try {
      for (var name : session.getInputNames()) {
        inputs.put(name, tensor(input(name, ids)));
      }
      try (var result = session.run(inputs)) {
        return pooled((OnnxTensor) result.get(0), ids.length);
      }
    } catch (OrtException e) {
      throw failed(model, e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] input(String name, int[] ids) {
    var values = new long[ids.length];
    switch (name) {
      case "input_ids" -> Arrays.setAll(values, i -> ids[i]);
      case "attention_mask" -> Arrays.fill(values, 1);
      case "token_type_ids" -> {}
      default -> throw new AssertionError("an input that BERT does not have: " + name);
    }
    return values;
  }

  private OnnxTensor tensor(long[] values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, LongBuffer.wrap(values), new long[] {1, values.length});
  }

  private float[] pooled(OnnxTensor tokens, int count) {
    var numbers = tokens.getFloatBuffer();
    var vector = new float[model.dimension()];
    assert numbers.remaining() == count * vector.length;
    int pooled =
        switch (model.pooling()) {
          case FIRST -> 1;
          case MEAN -> count;
        };
    var token = new float[vector.length];
    for (int i = 0; i < pooled; i++) {
      numbers.get(token);
      for (int j = 0; j < vector.length; j++) {
        vector[j] += token[j];
      }
    }
    if (!UnitLength.scale(vector)) {
      throw new Unavailable(
          "the model " + model.setting() + " gave no finite vector", null, "model", model.id());
    }
    return vector;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw failed(model, e);
    }
  }
}
