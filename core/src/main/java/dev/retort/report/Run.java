package dev.retort.report;

/// Which run it was: its recipe's name, the task, the data it used and where it came from.
public record Run(String name, String task, DataSummary data, Provenance provenance) {}
