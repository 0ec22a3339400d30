package dev.retort.eval;

/// What a recipe says about money, in any one currency: the teacher's price for 1,000 requests, and
/// an hour of the machine that trains and runs the student.
public record Prices(double teacherPer1000Requests, double machinePerHour) {

  public Prices {
    require("teacherPer1000Requests", teacherPer1000Requests);
    require("machinePerHour", machinePerHour);
  }

  private static void require(String name, double price) {
    if (!(price >= 0 && Double.isFinite(price))) {
      throw new IllegalArgumentException("%s must be 0 or more but is %s".formatted(name, price));
    }
  }
}
