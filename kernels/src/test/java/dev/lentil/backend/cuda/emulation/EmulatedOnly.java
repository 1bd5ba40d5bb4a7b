package dev.lentil.backend.cuda.emulation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Skips what asks the emulated card for what a true one does not say or cannot be told, where the tests run on a true one. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(named = EmulatedCard.TRUE_CARD_PROPERTY, matches = "true",
    disabledReason = "only the emulated card says so")
public @interface EmulatedOnly {}
