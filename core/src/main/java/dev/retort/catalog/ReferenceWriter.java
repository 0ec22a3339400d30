package dev.retort.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes the Markdown reference of a recipe: every section, setting, type, default and [Doc], and
/// every type of every catalog. The same records give the same text, so a test can compare it with
/// the reference under version control.
public final class ReferenceWriter {

  private final Shapes shapes;
  private final StringBuilder out = new StringBuilder();
  private final Map<Class<?>, String> paths = new HashMap<>();
  private final Set<Class<?>> mentioned = new HashSet<>();
  private final Deque<Class<? extends Record>> sections = new ArrayDeque<>();
  private final List<Class<? extends Record>> nested = new ArrayList<>();
  private final Queue<Catalog<?>> catalogs = new ArrayDeque<>();

  private ReferenceWriter(List<Catalog<?>> catalogs) {
    this.shapes = new Shapes(catalogs);
  }

  /// The reference of recipes that bind to `root` and use the types of `catalogs`, under `title`.
  public static String write(
      String title, Class<? extends Record> root, List<Catalog<?>> catalogs) {
    return new ReferenceWriter(catalogs).page(title, root);
  }

  private String page(String title, Class<? extends Record> root) {
    out.append("# ").append(title).append('\n');
    record(root, "");
    while (!sections.isEmpty() || !catalogs.isEmpty()) {
      if (sections.isEmpty()) {
        catalog(catalogs.remove());
      } else {
        Class<? extends Record> type = sections.remove();
        String path = paths.getOrDefault(type, "");
        out.append("\n## ").append(path).append('\n');
        record(type, path);
      }
    }
    return out.toString();
  }

  private void catalog(Catalog<?> catalog) {
    out.append("\n## ").append(heading(catalog)).append('\n');
    paragraph(Setting.doc(catalog.base()));
    out.append("\nWritten `{use: NAME, …settings}`, or `NAME` alone if no setting is required.\n");
    catalog
        .recordTypes()
        .forEach((name, type) -> {
          out.append("\n### ").append(name).append('\n');
          record(type, name);
        });
  }

  private void record(Class<? extends Record> type, String path) {
    paragraph(Setting.doc(type));
    if (shapes.settings(type).isEmpty()) {
      return;
    }
    out.append("\n| setting | type | default | meaning |\n| --- | --- | --- | --- |\n");
    rows(type, path);
    // The sections inside a section follow it at once.
    nested.reversed().forEach(sections::addFirst);
    nested.clear();
  }

  private void paragraph(String text) {
    if (!text.isEmpty()) {
      out.append('\n').append(text).append('\n');
    }
  }

  private void rows(Class<? extends Record> type, String path) {
    for (Setting setting : shapes.settings(type)) {
      if (setting.inline() && setting.shape() instanceof Shape.Section(var inner)) {
        rows(inner, path);
      } else {
        String name = setting.inline() ? "`use`, …" : "`" + setting.name() + "`";
        String inner = setting.inline() ? path : SettingPath.join(path, setting.name());
        row(name, describe(setting.shape(), inner), fallback(setting), setting.doc());
      }
    }
  }

  private void row(String... cells) {
    for (String cell : cells) {
      out.append("| ").append(cell.replace("|", "\\|").replace('\n', ' '));
      out.append(cell.isEmpty() ? "" : " ");
    }
    out.append("|\n");
  }

  private static String fallback(Setting setting) {
    String none = setting.required() ? "required" : "none";
    return setting.fallback().map(text -> "`" + text + "`").orElse(none);
  }

  private String describe(Shape shape, String path) {
    return switch (shape) {
      case Shape.Single(ScalarKind kind) -> kind.description().replaceFirst("^a ", "");
      case Shape.Constant(var type) ->
          Shapes.constantNames(type).stream().collect(Collectors.joining("` or `", "`", "`"));
      case Shape.Parsed(ParseFactory factory) -> text(factory.type());
      case Shape.Maybe(Shape item) -> describe(item, path);
      case Shape.Many(Shape item) -> "list: " + describe(item, path + "[]");
      case Shape.Keyed(Shape item) -> "by name: " + describe(item, path + ".NAME");
      case Shape.Section(var type) -> section(type, path);
      case Shape.Choice(Catalog<?> catalog) -> choice(catalog);
    };
  }

  private static String text(Class<?> type) {
    String doc = Setting.doc(type);
    return doc.isEmpty() ? "text" : "text: " + doc;
  }

  private String section(Class<? extends Record> type, String path) {
    if (mentioned.add(type)) {
      paths.put(type, path);
      nested.add(type);
    }
    String link = link(paths.getOrDefault(type, path));
    return ParseFactory.of(type).isPresent() ? "text or " + link : link;
  }

  private String choice(Catalog<?> catalog) {
    if (mentioned.add(catalog.base())) {
      catalogs.add(catalog);
    }
    return "[%s](#%s)".formatted(catalog.kind(), anchor(heading(catalog)));
  }

  private static String heading(Catalog<?> catalog) {
    return "Kinds of " + catalog.kind();
  }

  private static String link(String heading) {
    return "[%s](#%s)".formatted(heading.replace("[]", "\\[\\]"), anchor(heading));
  }

  /// The anchor that GitHub and its like give to a heading.
  private static String anchor(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 _-]", "").replace(' ', '-');
  }
}
