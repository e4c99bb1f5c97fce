package pgrunbook.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that need Docker and the stack's image: skipped where they are missing, except in CI (
 * <code>CI=true</code>), where they fail.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithDocker.Condition.class)
public @interface WithDocker {
  /** Asks once. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      var missing = Docker.missing();
      if (missing.isEmpty()) {
        return ConditionEvaluationResult.enabled("Docker and its image are here");
      }
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(missing.get() + ", and CI must not go without");
      }
      return ConditionEvaluationResult.disabled(missing.get());
    }
  }
}
