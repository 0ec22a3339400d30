package dev.retort.batch;

/// Where a model is asked in batches, and what it is told there.
///
/// @param api the server's files and batches
/// @param wire how requests are written and answers read
public record BatchDoor(BatchApi api, BatchWire wire) {}
