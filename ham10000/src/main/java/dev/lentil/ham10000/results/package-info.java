/** Keeps the runs that are quoted in a small folder, and writes the results page from that folder and HAM10000's metadata. */
package dev.lentil.ham10000.results;
