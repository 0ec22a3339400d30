package dev.retort.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Writes every step and validation as a line of JSON to `metrics.jsonl`. A resumed phase first
/// drops the lines of steps that it is about to make again.
public final class MetricsFile implements TrainListener, AutoCloseable {

  private final Path file;
  private BufferedWriter out;

  private MetricsFile(Path file, BufferedWriter out) {
    this.file = file;
    this.out = out;
  }

  /// Appends to `file`, which need not exist.
  public static MetricsFile open(Path file) throws IOException {
    return new MetricsFile(file, append(file));
  }

  private static BufferedWriter append(Path file) throws IOException {
    return Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void started(TrainProgress progress) {
    try {
      out.close();
      StepLines.forgetAfter(file, progress);
      out = append(file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void stepEnded(StepReport report) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("phase", report.phase());
    line.put("step", report.step());
    line.put("epoch", report.epoch());
    line.put("loss", report.loss());
    line.put("terms", report.lossByTerm());
    line.put("learningRate", report.learningRate());
    line.put("gradientNorm", report.gradientNorm());
    line.put("tokens", report.tokens());
    report.rollout().ifPresent(rollout -> line.put("rollout", rollout.measures()));
    write(line);
  }

  @Override
  public void validated(Validation validation, StopSwitch stop) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("phase", validation.phase());
    line.put("step", validation.step());
    line.put("epoch", validation.epoch());
    line.put("score", validation.score());
    write(line);
  }

  @Override
  public void checkpointed(long step) {
    try {
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void write(Map<String, Object> line) {
    try {
      out.write(JsonMapper.shared().writeValueAsString(line));
      out.newLine();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
