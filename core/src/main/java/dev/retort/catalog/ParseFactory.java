package dev.retort.catalog;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Optional;

/// A type's `public static T parse(String)`: how it is read from a single value, such as `10%` or
/// `>= 0.97`.
record ParseFactory(Class<?> type, Method method) {

  private static final String NAME = "parse";

  /// The factory of `type`, if it has one.
  static Optional<ParseFactory> of(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> isFactory(type, method))
        .findFirst()
        .map(method -> new ParseFactory(type, method));
  }

  private static boolean isFactory(Class<?> type, Method method) {
    return method.getName().equals(NAME)
        && Modifier.isStatic(method.getModifiers())
        && Modifier.isPublic(method.getModifiers())
        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class})
        && type.isAssignableFrom(method.getReturnType());
  }

  /// The value that `text` stands for; throws [IllegalArgumentException] with the factory's message
  /// if it stands for none.
  Object parse(String text) {
    try {
      method.setAccessible(true);
      return method.invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException("%s failed on '%s'".formatted(method, text), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot call " + method, e);
    }
  }
}
