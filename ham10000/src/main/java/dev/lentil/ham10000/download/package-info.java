/** Downloads weights and data sets. An interrupted download is resumed, and files are checked before they are used. */
package dev.lentil.ham10000.download;
