package dev.retort.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A loaded ONNX file that turns encodings into logits or vectors, usable by many threads at once.
final class OnnxModel implements LogitModel, VectorModel {
  private static final String LOGITS = "logits";
  private static final String EMBEDDING = "embedding";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final StudentManifest manifest;
  private final List<ModelInput> inputs;
  private final Path file;
  private int dimensions;

  private OnnxModel(
      OrtEnvironment environment, OrtSession session, StudentManifest manifest, Path file) {
    this.environment = environment;
    this.session = session;
    this.manifest = manifest;
    this.inputs = manifest.input().names().stream().map(ModelInput::ofOnnxName).toList();
    this.file = file;
  }

  /// Loads the file and compares its inputs and outputs with the manifest.
  ///
  /// @throws StudentException if ONNX Runtime refuses the file, or it contradicts the manifest
  static OnnxModel open(StudentFolder student, Classifier.Options options) {
    Path file = student.model();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var settings = new OrtSession.SessionOptions()) {
      // Off by default everywhere but in the Windows builds, which report to their maker.
      environment.setTelemetry(false);
      configure(settings, options);
      OrtSession session = environment.createSession(file.toString(), settings);
      return checked(new OnnxModel(environment, session, student.manifest(), file));
    } catch (OrtException e) {
      throw new StudentException(
          file + " cannot be loaded: " + e.getMessage() + " " + StudentFolder.EXPORT_AGAIN, e);
    }
  }

  private static void configure(OrtSession.SessionOptions settings, Classifier.Options options)
      throws OrtException {
    settings.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    settings.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    settings.setIntraOpNumThreads(options.threads());
    settings.setInterOpNumThreads(1);
    // Problems arrive as exceptions; a library does not write to its user's standard error.
    settings.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    settings.addConfigEntry("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
    // Even spinning threads sleep between requests.
    settings.addConfigEntry("session.force_spinning_stop", "1");
    // Without VNNI, products of unsigned and signed bytes saturate; this keeps them exact there.
    settings.addConfigEntry("session.x64quantprecision", "1");
  }

  private static OnnxModel checked(OnnxModel model) throws OrtException {
    try {
      model.checkGraph();
      return model;
    } catch (OrtException | RuntimeException e) {
      model.session.close();
      throw e;
    }
  }

  private void checkGraph() throws OrtException {
    Map<String, NodeInfo> graph = session.getInputInfo();
    List<String> names = manifest.input().names();
    if (!graph.keySet().equals(Set.copyOf(names))) {
      throw contradiction("inputs", graph.keySet(), names);
    }
    for (NodeInfo input : graph.values()) {
      if (!(input.getInfo() instanceof TensorInfo info) || info.type != OnnxJavaType.INT64) {
        throw contradiction("input", input, "an int64 tensor");
      }
    }
    NodeInfo output = session.getOutputInfo().get(answer());
    if (output == null) {
      throw contradiction("outputs", session.getOutputNames(), answer());
    }
    if (!(output.getInfo() instanceof TensorInfo info) || !isMatrix(info)) {
      throw contradiction(
          "output",
          output,
          embeds()
              ? "a float tensor [batch, dimensions]"
              : "a float tensor [batch, " + manifest.output().labels().size() + "]");
    }
    dimensions = Math.toIntExact(Math.max(0, info.getShape()[1]));
  }

  private boolean embeds() {
    return manifest.task().equals(StudentManifest.EMBEDDING);
  }

  /// The name of the graph's output.
  private String answer() {
    return embeds() ? EMBEDDING : LOGITS;
  }

  /// Whether this is a matrix as wide as it must be. A dimension of -1 is known only at run time,
  /// which is not enough for vectors.
  private boolean isMatrix(TensorInfo info) {
    long[] shape = info.getShape();
    int labels = manifest.output().labels().size();
    return info.type == OnnxJavaType.FLOAT
        && shape.length == 2
        && (embeds() ? shape[1] > 0 : shape[1] == labels || shape[1] == -1);
  }

  private StudentException contradiction(String what, Object found, Object expected) {
    return new StudentException(
        "%s has %s %s, but retort.json says %s. %s"
            .formatted(file, what, found, expected, StudentFolder.EXPORT_AGAIN));
  }

  @Override
  public int dimensions() {
    return dimensions;
  }

  @Override
  public float[][] logits(List<Encoding> rows) {
    return answers(rows, manifest.output().labels().size());
  }

  @Override
  public float[][] embed(List<Encoding> rows) {
    return answers(rows, dimensions);
  }

  private float[][] answers(List<Encoding> rows, int columns) {
    int time = Math.max(1, rows.stream().mapToInt(Encoding::length).max().orElse(0));
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      try {
        for (ModelInput input : inputs) {
          tensors.put(input.onnxName(), tensor(input, rows, time, arena));
        }
        return run(tensors, rows.size(), columns);
      } finally {
        tensors.values().forEach(OnnxTensor::close);
      }
    } catch (OrtException e) {
      throw new StudentException(file + " failed on a batch: " + e.getMessage(), e);
    }
  }

  /// The tensor wraps memory of the arena: nothing is copied, nothing waits for the collector.
  private OnnxTensor tensor(ModelInput input, List<Encoding> rows, int time, Arena arena)
      throws OrtException {
    LongBuffer values =
        arena
            .allocate(ValueLayout.JAVA_LONG, (long) rows.size() * time)
            .asByteBuffer()
            .order(ByteOrder.nativeOrder())
            .asLongBuffer();
    long filler = input.filler(manifest.input().padId());
    for (Encoding row : rows) {
      for (int position = 0; position < time; position++) {
        values.put(position < row.length() ? input.value(row, position) : filler);
      }
    }
    return OnnxTensor.createTensor(environment, values.flip(), new long[] {rows.size(), time});
  }

  private float[][] run(Map<String, OnnxTensor> tensors, int rows, int columns)
      throws OrtException {
    try (OrtSession.Result result = session.run(tensors, Set.of(answer()))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      if (values.remaining() != rows * columns) {
        throw contradiction("output of", values.remaining() + " values", rows + " x " + columns);
      }
      float[][] answers = new float[rows][columns];
      for (float[] row : answers) {
        values.get(row);
        checkFinite(row);
      }
      return answers;
    }
  }

  private void checkFinite(float[] row) {
    for (int column = 0; column < row.length; column++) {
      if (!Float.isFinite(row[column])) {
        throw new StudentException(
            "%s answered %s for %s: its weights are broken. %s"
                .formatted(file, row[column], name(column), StudentFolder.EXPORT_AGAIN));
      }
    }
  }

  private String name(int column) {
    return embeds()
        ? "number %d of a vector".formatted(column)
        : "label '%s'".formatted(manifest.output().labels().get(column));
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new StudentException(file + " could not be closed: " + e.getMessage(), e);
    }
  }
}
