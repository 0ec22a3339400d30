package dev.retort.api.client;

import dev.retort.api.ApiAddress;
import dev.retort.api.ApiException;
import dev.retort.api.ChatAnswer;
import dev.retort.api.ChatModel;
import dev.retort.api.ChatRequest;
import dev.retort.api.PermanentApiException;
import dev.retort.api.RetryableApiException;
import dev.retort.api.wire.ApiFailure;
import dev.retort.api.wire.Endpoint;
import dev.retort.api.wire.RetryAfter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClientBuilder;

/// A chat model of Amazon Bedrock, asked through Converse of the AWS SDK, whose own retries are
/// switched off. It asks once, as [HttpChatModel] does.
public final class BedrockChatModel implements ChatModel {

  private final Endpoint endpoint;
  private final ConverseMessages messages;
  private final BedrockRuntimeClient client;

  /// How Bedrock is reached.
  ///
  /// @param url another URL than the region's own
  /// @param credentials who asks
  /// @param timeout how long one answer may take
  /// @param connections requests under way at once at most
  public record Connection(
      Optional<URI> url, AwsCredentialsProvider credentials, Duration timeout, int connections) {}

  public BedrockChatModel(ApiAddress.Bedrock address, Connection connection) {
    URI url = connection.url().orElseGet(() -> regional(address.region()));
    this.endpoint = new Endpoint(address.text(), url, address.model(), Optional.empty());
    this.messages = new ConverseMessages(endpoint);
    this.client = client(address, connection);
  }

  @Override
  public String name() {
    return endpoint.model();
  }

  @Override
  public String identity() {
    return endpoint.name();
  }

  @Override
  public ChatAnswer answer(ChatRequest request) throws InterruptedException {
    try {
      return messages.answer(client.converse(messages.request(request)));
    } catch (AwsServiceException refusal) {
      throw refused(refusal);
    } catch (SdkClientException broken) {
      if (Thread.interrupted()) { // the SDK leaves the mark that it was interrupted by
        throw new InterruptedException(endpoint.name() + ": interrupted");
      }
      throw lost(broken);
    }
  }

  private ApiException refused(AwsServiceException refusal) {
    AwsErrorDetails details = refusal.awsErrorDetails();
    Optional<Duration> pause =
        RetryAfter.read(name -> details.sdkHttpResponse().firstMatchingHeader(name), Instant.now());
    return new ApiFailure(
            endpoint,
            refusal.statusCode(),
            String.valueOf(details.errorCode()),
            Optional.ofNullable(details.errorMessage()).orElse(""),
            pause)
        .exception();
  }

  private ApiException lost(SdkClientException broken) {
    String message = String.valueOf(broken.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("credentials")) {
      return new PermanentApiException(
          "%s: there are no AWS credentials: %s".formatted(endpoint.name(), message),
          PermanentApiException.Scope.ALL,
          broken);
    }
    return new RetryableApiException(
        "%s could not be reached, broke off, or gave no whole answer in time: %s"
            .formatted(endpoint.name(), message),
        broken);
  }

  private static BedrockRuntimeClient client(ApiAddress.Bedrock address, Connection connection) {
    BedrockRuntimeClientBuilder builder =
        BedrockRuntimeClient.builder()
            .region(Region.of(address.region()))
            .credentialsProvider(connection.credentials())
            .overrideConfiguration(override ->
                override
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .apiCallTimeout(connection.timeout()))
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(connection.connections())
                    .socketTimeout(connection.timeout())
                    .connectionAcquisitionTimeout(connection.timeout()));
    connection.url().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  private static URI regional(String region) {
    return URI.create("https://bedrock-runtime.%s.amazonaws.com".formatted(region));
  }

  @Override
  public void close() {
    client.close();
  }
}
