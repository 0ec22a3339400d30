package dev.retort.remote;

import dev.retort.api.ApiAddress;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatRequest;
import dev.retort.catalog.Doc;
import dev.retort.catalog.Inline;
import dev.retort.ledger.CanonicalRequest;
import dev.retort.ledger.Estimate;
import dev.retort.ledger.Ledger;
import dev.retort.ledger.Price;
import dev.retort.ledger.TokenCounter;
import dev.retort.redact.Redaction;
import dev.retort.redact.Redactor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A model behind an API, and what asking it would send and cost.
///
/// @param model where it is
/// @param settings all else that is said about it
public record RemoteModel(
    @Doc(
            "Address of the model behind an API: `openai:URL#model`, `azure:URL#deployment`,"
                + " `anthropic:URL#model` or `bedrock:region#model`.")
        ApiAddress model,
    @Inline RemoteSettings settings) {

  /// What its answers are kept under in a ledger.
  public String identity() {
    return model.text();
  }

  /// What its tokens cost as it is asked: in batches, if it is.
  public Price price() {
    return settings.batch().isPresent() ? settings.paidInBatches() : settings.paid();
  }

  /// `requests` as they leave this machine.
  public List<ChatRequest> asSent(Stream<ChatRequest> requests) {
    Redactor redactor = redactor();
    return requests.map(request -> redactor.redaction(request).redact(request)).toList();
  }

  /// The answer to `request` that `ledger` has, as whoever asks would hear it.
  public Optional<ChatAnswer> known(ChatRequest request, Ledger ledger) {
    Redaction redaction = redactor().redaction(request);
    return ledger
        .find(CanonicalRequest.key(identity(), redaction.redact(request)))
        .map(redaction::heard);
  }

  /// What answers to `requests` would cost.
  public Estimate estimate(Stream<ChatRequest> requests, Ledger ledger) {
    return Estimate.of(asSent(requests), identity(), ledger, price(), TokenCounter.byCharacters());
  }

  /// Finds in requests what the model is not to be told.
  public Redactor redactor() {
    return settings.redact().map(Redactor::new).orElseGet(Redactor::none);
  }
}
