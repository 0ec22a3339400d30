package dev.retort.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One model on a Hugging Face hub and its cached files.
///
/// @param model the model and its revision
/// @param settings the hub
/// @param web the connection to the hub
/// @param retries how faults are handled
record ModelRepository(Address.HuggingFace model, HubSettings settings, Web web, Retries retries) {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Fetches the files that make up the model and returns the folder with them.
  Path fetchModel() throws IOException {
    HubCache.Listing listing = listing();
    Path snapshot = fetch(listing, ModelFiles.first(model, listing.files()));
    return fetch(listing, ModelFiles.shards(model, snapshot));
  }

  /// Fetches these files and returns the folder with them.
  Path fetchFiles(Collection<String> files) throws IOException {
    HubCache.Listing listing = listing();
    return fetch(listing, files);
  }

  private HubCache.Listing listing() throws IOException {
    HubCache cache = cache();
    if (!settings.offline()) {
      Optional<HubCache.Listing> fixed =
          HubCache.isCommit(model.revision())
              ? cache.remembered(model.revision())
              : Optional.empty();
      return fixed.isPresent() ? fixed.get() : askForListing();
    }
    Optional<String> commit = cache.commitOf(model.revision());
    if (commit.isEmpty()) {
      throw offline("revision '%s' of the model".formatted(model.revision()));
    }
    Optional<HubCache.Listing> remembered = cache.remembered(commit.get());
    return remembered.isPresent() ? remembered.get() : cache.present(commit.get());
  }

  private HubCache.Listing askForListing() throws IOException {
    URI uri = url("api", "models", model.id(), "revision", encoded(model.revision()));
    String json = retries.run(model.text(), () -> web.text(uri, this::explain));
    HubCache.Listing listing = parse(uri, json);
    cache().remember(model.revision(), listing);
    return listing;
  }

  private HubCache.Listing parse(URI uri, String json) throws HubException {
    try {
      JsonNode root = JSON.readTree(json);
      String commit = root.path("sha").asString("");
      List<String> files =
          root.path("siblings").valueStream().map(f -> f.path("rfilename").asString("")).toList();
      if (HubCache.isCommit(commit) && files.stream().allMatch(AddressSyntax::staysInside)) {
        return new HubCache.Listing(commit, files);
      }
    } catch (JacksonException e) {
      throw new HubException(
          "%s: %s answered what is not JSON; check HF_ENDPOINT".formatted(model.text(), uri), e);
    }
    throw new HubException(
        "%s: %s answered without a commit hash and usable file names; check HF_ENDPOINT"
            .formatted(model.text(), uri));
  }

  private Path fetch(HubCache.Listing listing, Collection<String> files) throws IOException {
    Path snapshot = cache().snapshot(listing.commit());
    List<String> missing = new ArrayList<>();
    for (String file : files) {
      if (!Files.exists(snapshot.resolve(file))) {
        missing.add(file);
      }
    }
    if (settings.offline() && !missing.isEmpty()) {
      throw offline(missing.toString());
    }
    for (String file : missing) {
      if (!listing.files().contains(file)) {
        throw new HubException(
            "%s has no file '%s'; it has %s".formatted(model.text(), file, listing.files()));
      }
      fetch(listing.commit(), file);
    }
    return snapshot;
  }

  private void fetch(String commit, String file) throws IOException {
    String path =
        String.join("/", Stream.of(file.split("/")).map(ModelRepository::encoded).toList());
    URI uri = url(model.id(), "resolve", commit, path);
    String subject = model.text() + ", file " + file;
    Download download = retries.run(subject, () -> download(uri, file));
    download.run(web, retries);
    cache().link(commit, file, download.target());
  }

  private Download download(URI uri, String file) throws IOException, InterruptedException {
    try (Reply head = web.head(uri)) {
      head.requireSuccess(this::explain);
      String etag = head.etag().orElse("");
      if (!etag.matches("[\\w-]{8,128}")) {
        throw new HubException(
            "%s: %s has no usable ETag, so the file cannot be verified; check HF_ENDPOINT"
                .formatted(model.text(), uri));
      }
      Download.Subject subject = new Download.Subject(model, file, head.fileSize());
      Path blob = cache().blob(etag);
      return new Download(subject, uri, blob, Checksum.ofEtag(etag), this::explain);
    }
  }

  private HubCache cache() {
    return HubCache.of(settings.folders(), model.id());
  }

  private URI url(String... parts) {
    return URI.create(settings.endpoint() + "/" + String.join("/", parts));
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HubException offline(String missing) {
    return new HubException(
        "%s: offline, and %s is not in %s; fetch it once without HF_HUB_OFFLINE"
            .formatted(model.text(), missing, cache().folder()));
  }

  private String explain(int status, String code) {
    return "%s: %s answered %d%s: %s"
        .formatted(
            model.text(),
            settings.endpoint(),
            status,
            code.isEmpty() ? "" : " " + code,
            status == 404 ? missing(code) : refused(status));
  }

  private String missing(String code) {
    return switch (code) {
      case "RevisionNotFound" -> "the model has no revision '%s'".formatted(model.revision());
      case "EntryNotFound" -> "the file is not in the repository";
      default -> "there is no such model or revision, or it is private; check the address";
    };
  }

  private static String refused(int status) {
    return status == 401 || status == 403
        ? "the model is gated, private, or does not exist; accept its terms on its page if it has"
            + " any, and set HF_TOKEN to a token that may read it"
        : "an unexpected answer; check HF_ENDPOINT";
  }
}
