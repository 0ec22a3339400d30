package dev.retort.export;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Runs ONNX files without the runtime module in between.
final class OnnxSessions {

  private OnnxSessions() {}

  /// The logits for one batch; inputs that the model does not have are left out.
  static float[][] logits(Path file, OrtSession.SessionOptions.OptLevel level, long[][]... inputs)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    String[] names = {"input_ids", "attention_mask", "token_type_ids"};
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try (var options = options(level);
        OrtSession session = environment.createSession(file.toString(), options)) {
      for (int i = 0; i < inputs.length; i++) {
        if (session.getInputNames().contains(names[i])) {
          tensors.put(names[i], OnnxTensor.createTensor(environment, inputs[i]));
        }
      }
      try (OrtSession.Result result = session.run(tensors)) {
        return (float[][]) result.get(0).getValue();
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  /// How many nodes of each type are left after ONNX Runtime has optimized the file.
  static Map<String, Integer> optimizedNodes(Path file) throws OrtException, IOException {
    Path optimized = file.resolveSibling("optimized.onnx");
    try (var options = options(OrtSession.SessionOptions.OptLevel.ALL_OPT)) {
      options.setOptimizedModelFilePath(optimized.toString());
      OrtEnvironment.getEnvironment().createSession(file.toString(), options).close();
    }
    Map<String, Integer> nodes = new TreeMap<>();
    for (NodeProto node :
        ModelProto.parseFrom(Files.readAllBytes(optimized)).getGraph().getNodeList()) {
      nodes.merge(node.getOpType(), 1, Integer::sum);
    }
    return nodes;
  }

  private static OrtSession.SessionOptions options(OrtSession.SessionOptions.OptLevel level)
      throws OrtException {
    var options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(level);
    options.setIntraOpNumThreads(1);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return options;
  }
}
