/** A tree of packages in which every rule of {@link dev.lentil.bench.ModuleRules} is broken once. */
package dev.lentil.bench.broken;
