package dev.retort.report;

/// One round of asking a teacher behind an API and training the student.
///
/// @param number from 1
/// @param chosenBy how the texts that were new in it were chosen
/// @param labelled training texts with a label or an answer
/// @param asked those of them that the teacher was asked about
/// @param accuracy of the student on the validation data, from 0 to 1
/// @param paid what all answers until then cost, in words
public record Round(
    int number, String chosenBy, int labelled, int asked, double accuracy, String paid) {}
