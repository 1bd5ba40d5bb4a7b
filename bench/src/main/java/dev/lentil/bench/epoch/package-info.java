/** What an epoch of training the head alone takes beside its parts. */
package dev.lentil.bench.epoch;
