/** HAM10000 as data: metadata, labels, the lesion-grouped split, checking a download, the image cache and batches. */
package dev.lentil.ham10000.data;
