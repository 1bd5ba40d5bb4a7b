package dev.lentil.testing.files;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file of a {@link FaultyFileSystem}. */
final class FaultyChannel extends FileChannel {
  private final Disk disk;
  private final Path file;
  private final FileChannel real;

  FaultyChannel(Disk disk, Path file, FileChannel real) {
    this.disk = disk;
    this.file = file;
    this.real = real;
  }

  /** Writes what fits, as the system does; without any room it says so in the system's words. */
  @Override
  public int write(ByteBuffer from) throws IOException {
    disk.operation("write", file);
    if (!disk.limited() || !from.hasRemaining()) {
      return real.write(from);
    }
    long free = disk.free();
    if (free == 0) {
      throw new IOException("No space left on device");
    }
    ByteBuffer part = from.slice().limit((int) Math.min(free, from.remaining()));
    int written = real.write(part);
    from.position(from.position() + written);
    return written;
  }

  @Override
  public void force(boolean metadata) throws IOException {
    disk.operation("force", file);
    real.force(metadata);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    disk.operation("truncate", file);
    real.truncate(size);
    return this;
  }

  @Override
  public int write(ByteBuffer from, long position) throws IOException {
    disk.operation("write", file);
    return real.write(from, position);
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    disk.operation("write", file);
    return real.write(from, offset, length);
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return real.read(to);
  }

  @Override
  public int read(ByteBuffer to, long position) throws IOException {
    return real.read(to, position);
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    return real.read(to, offset, length);
  }

  @Override
  public long position() throws IOException {
    return real.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    real.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return real.size();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
    return real.transferTo(position, count, to);
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
    return real.transferFrom(from, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return real.map(mode, position, size);
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    return real.map(mode, offset, size, arena);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return real.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return real.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    real.close();
  }
}
