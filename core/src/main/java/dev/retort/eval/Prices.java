package dev.retort.eval;

/// What is known about money, in any one currency.
///
/// @param teacherPer1000Requests the teacher's price for 1,000 requests
/// @param machinePerHour an hour of the machine that trains and runs the student
/// @param answers what was paid for the answers that the student learnt from
public record Prices(double teacherPer1000Requests, double machinePerHour, double answers) {

  public Prices {
    require("teacherPer1000Requests", teacherPer1000Requests);
    require("machinePerHour", machinePerHour);
    require("answers", answers);
  }

  private static void require(String name, double price) {
    if (!(price >= 0 && Double.isFinite(price))) {
      throw new IllegalArgumentException("%s must be 0 or more but is %s".formatted(name, price));
    }
  }
}
