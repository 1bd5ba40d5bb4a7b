/** How much memory whole processes take. */
package dev.lentil.bench.memory;
