/** Training on HAM10000: the configuration, the run's folder, the two stages of the paper, and the files of a run. */
package dev.lentil.ham10000.train;
