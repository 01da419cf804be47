/**
 * {@code keyturn demo}: the main job from beginning to end, through the public API alone, told step by step. What is
 * told ({@link dev.keyturn.cli.demo.Story}) knows nothing of how it is shown ({@link dev.keyturn.cli.demo.Narrator}).
 */
@NullMarked
package dev.keyturn.cli.demo;

import org.jspecify.annotations.NullMarked;
