/** Files that survive: whole or not there, on the disk when they are said to be. */
package dev.lentil.io;
