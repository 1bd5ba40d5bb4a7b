package dev.lentil.ham10000.download;

import java.net.URI;
import java.util.Optional;

/**
 * A file to be fetched.
 *
 * @param name in the folder where it shall be
 * @param size in bytes, if it is known beforehand; a server that says otherwise is not believed
 * @param checksum if it is known beforehand
 */
public record RemoteFile(String name, URI uri, Optional<Long> size, Optional<Checksum> checksum) {}
