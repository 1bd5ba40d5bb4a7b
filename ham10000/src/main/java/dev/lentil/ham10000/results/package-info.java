/** Runs that are quoted: kept in a small folder of their own, and the page that is written from it alone. */
package dev.lentil.ham10000.results;
