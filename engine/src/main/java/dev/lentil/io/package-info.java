/** Writes files that survive a crash: a file is complete or absent, and it is on the disk when the call returns. */
package dev.lentil.io;
