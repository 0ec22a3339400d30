package dev.retort.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.retort.objective.Objective;

/// The arrows between modules and packages, and what no code does.
@AnalyzeClasses(packages = "dev.retort", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String TENSOR = "dev.retort.tensor..";
  private static final String RUNTIME = "dev.retort.runtime..";
  private static final String CHAT = "dev.retort.chat..";
  private static final String APP = "dev.retort.app..";
  private static final String ALL = "dev.retort..";

  @ArchTest
  static final ArchRule TENSOR_KNOWS_NO_OTHER_MODULE =
      noClasses().that().resideInAPackage(TENSOR).should().dependOnClassesThat(inRetortBut(TENSOR));

  @ArchTest
  static final ArchRule RUNTIME_KNOWS_NO_OTHER_MODULE =
      noClasses()
          .that()
          .resideInAPackage(RUNTIME)
          .should()
          .dependOnClassesThat(inRetortBut(RUNTIME));

  @ArchTest
  static final ArchRule CHAT_KNOWS_NO_OTHER_PACKAGE =
      noClasses().that().resideInAPackage(CHAT).should().dependOnClassesThat(inRetortBut(CHAT));

  @ArchTest
  static final ArchRule NOBODY_KNOWS_THE_APP =
      noClasses()
          .that()
          .resideOutsideOfPackage(APP)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(APP);

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.retort.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_TENSOR_KNOWS_LIBTORCH =
      noClasses()
          .that()
          .resideOutsideOfPackage(TENSOR)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..");

  @ArchTest
  static final ArchRule ONLY_THE_APP_WRITES_TO_STANDARD_STREAMS =
      noClasses().that().resideOutsideOfPackage(APP).should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule NOTHING_LOGS_WITH_THE_JDK = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest
  static final ArchRule EXCEPTIONS_HAVE_NAMES = NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

  @ArchTest
  static final ArchRule OBJECTIVES_ARE_RECORDS =
      classes()
          .that()
          .areAssignableTo(Objective.class)
          .and()
          .areNotInterfaces()
          .should()
          .beRecords();

  private static DescribedPredicate<JavaClass> inRetortBut(String module) {
    return resideInAPackage(ALL).and(resideOutsideOfPackage(module));
  }

  @ArchTest
  static void allModulesAreLookedAt(JavaClasses classes) {
    assertThat(classes)
        .extracting(JavaClass::getPackageName)
        .contains("dev.retort.tensor", "dev.retort.runtime", "dev.retort.run", "dev.retort.app");
  }
}
