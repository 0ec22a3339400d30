package dev.retort.run;

import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// A prompt of the data that a teacher is to continue.
///
/// @param ids its tokens
/// @param row the row of a data file that it is with a completion
@SuppressWarnings("ArrayRecordComponent") // handed to the generator as it is
record AskedPrompt(int[] ids, Function<String, ObjectNode> row) {}
