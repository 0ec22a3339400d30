package dev.retort.export;

import dev.retort.hub.Address;
import dev.retort.model.decoder.Adapters;
import dev.retort.model.decoder.CausalLanguageModel;
import dev.retort.model.decoder.CheckpointPart;
import dev.retort.model.decoder.DecoderAxis;
import dev.retort.model.decoder.DecoderFamily;
import dev.retort.model.decoder.DecoderNames;
import dev.retort.tensor.NoGrad;
import dev.retort.tensor.RawTensor;
import dev.retort.tensor.Scope;
import dev.retort.tensor.Tensor;
import dev.retort.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Writes the adapters of a language model as PEFT does (github.com/huggingface/peft): their
/// matrices and an `adapter_config.json` that says what they change. With the model they were
/// trained on they compute what the merged model computes.
///
/// Where a checkpoint has several matrices in one, as GPT-2 has queries, keys and values, their
/// adapters become one of as many times the rank: `A` one below the other, `B` along a diagonal.
///
/// @param model who has adapters
/// @param base the model that they were trained on, by its address
public record AdapterExporter(CausalLanguageModel model, String base) {

  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PREFIX = "base_model.model.";
  private static final String WEIGHT = ".weight";

  /// Modules of a decoder that lie in one tensor of a checkpoint, in its order; some may have no
  /// adapter.
  private record Group(List<String> modules, boolean transposed) {}

  /// Writes the folder, replacing files of an earlier export.
  ///
  /// @throws IOException if a file cannot be written
  public void write(Path folder) throws IOException {
    Adapters adapters = model.adapters().orElseThrow();
    SequencedMap<String, Group> groups = groups(adapters);
    try (StagedFolder staged = StagedFolder.beside(folder);
        Scope _ = Scope.open();
        NoGrad _ = NoGrad.open()) {
      SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
      groups.forEach((name, group) -> {
        tensors.put(PREFIX + name + ".lora_A.weight", Tensors.raw(a(adapters, group)));
        tensors.put(PREFIX + name + ".lora_B.weight", Tensors.raw(b(adapters, group)));
      });
      HuggingFaceFiles.writeWeights(staged.path().resolve(WEIGHTS), tensors);
      HuggingFaceFiles.writeJson(staged.path().resolve(CONFIG), config(adapters, groups));
      staged.publish(CONFIG, List.of());
    }
  }

  /// Everything that has an adapter, by the names of the checkpoint's modules.
  private SequencedMap<String, Group> groups(Adapters adapters) {
    DecoderFamily family = model.config().family();
    SequencedMap<String, Group> groups = new LinkedHashMap<>();
    for (String name : DecoderNames.all(model.config())) {
      if (DecoderNames.layerOf(name).isPresent() && name.endsWith(WEIGHT)) {
        CheckpointPart part = family.part(name);
        groups
            .computeIfAbsent(
                without(part.name()), _ -> new Group(new ArrayList<>(), part.transposed()))
            .modules()
            .add(without(name));
      }
    }
    groups.values().removeIf(group -> group.modules().stream().noneMatch(adapters::has));
    return groups;
  }

  private static String without(String weight) {
    return weight.substring(0, weight.length() - WEIGHT.length());
  }

  private static Tensor a(Adapters adapters, Group group) {
    List<Tensor> parts =
        group.modules().stream()
            .filter(adapters::has)
            .map(adapters::a)
            .map(Tensor::detach)
            .toList();
    return parts.size() == 1 ? parts.getFirst() : Tensors.concatenate(parts, 0);
  }

  /// One block of columns for each module that has an adapter, zero in the rows of the others.
  private Tensor b(Adapters adapters, Group group) {
    List<Tensor> columns = new ArrayList<>();
    for (String module : group.modules()) {
      if (adapters.has(module)) {
        columns.add(
            Tensors.concatenate(
                group.modules().stream().map(other -> block(adapters, other, module)).toList(), 0));
      }
    }
    return columns.size() == 1 ? columns.getFirst() : Tensors.concatenate(columns, 1);
  }

  private Tensor block(Adapters adapters, String rows, String columns) {
    return rows.equals(columns)
        ? adapters.b(rows).detach()
        : Tensors.zeros(
            DecoderAxis.of(rows + WEIGHT).getFirst().length(model.config()),
            adapters.lora().rank());
  }

  private SequencedMap<String, Object> config(
      Adapters adapters, SequencedMap<String, Group> groups) {
    SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
    SequencedMap<String, Double> alphas = new LinkedHashMap<>();
    List<String> targets =
        groups.sequencedKeySet().stream().map(AdapterExporter::target).distinct().toList();
    groups.forEach((name, group) -> {
      int times = Math.toIntExact(group.modules().stream().filter(adapters::has).count());
      if (times > 1) {
        ranks.put(target(name), times * adapters.lora().rank());
        alphas.put(target(name), times * adapters.lora().alpha());
      }
    });
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    json.put("peft_type", "LORA");
    json.put("task_type", "CAUSAL_LM");
    json.putAll(origin());
    json.put("r", adapters.lora().rank());
    json.put("lora_alpha", adapters.lora().alpha());
    json.put("rank_pattern", ranks);
    json.put("alpha_pattern", alphas);
    json.put("target_modules", targets);
    json.put("fan_in_fan_out", groups.values().stream().anyMatch(Group::transposed));
    json.put("lora_dropout", 0.0);
    json.put("bias", "none");
    json.put("inference_mode", true);
    return json;
  }

  private SequencedMap<String, Object> origin() {
    SequencedMap<String, Object> json = new LinkedHashMap<>();
    switch (Address.parse(base)) {
      case Address.HuggingFace(String id, String revision) -> {
        json.put("base_model_name_or_path", id);
        json.put("revision", revision);
      }
      case Address.Folder _, Address.Maven _ -> json.put("base_model_name_or_path", base);
    }
    return json;
  }

  /// How PEFT finds a module in all layers: by the end of its name. The last part alone may belong
  /// to two of them, as `c_proj` does in GPT-2.
  private static String target(String module) {
    int last = module.lastIndexOf('.');
    return module.substring(module.lastIndexOf('.', last - 1) + 1);
  }
}
