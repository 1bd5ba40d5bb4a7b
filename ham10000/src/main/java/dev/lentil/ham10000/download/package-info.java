/** Weights and data sets from the network, continued where they broke off and checked before they are used. */
package dev.lentil.ham10000.download;
