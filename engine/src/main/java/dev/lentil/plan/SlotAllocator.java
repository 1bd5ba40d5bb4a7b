package dev.lentil.plan;

import dev.lentil.plan.Draft.DraftValue;
import dev.lentil.plan.Value.Extent;
import dev.lentil.plan.Value.Placement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Gives every value of a plan a slot of memory. A value lives from the step that first writes it to the last step that
 * reads it; values whose lifetimes do not overlap may share a slot. Slots are handed out in step order: the smallest free
 * slot that is large enough, otherwise the largest free one (which grows), otherwise a new one. An elementwise step writes in
 * place if nothing reads its input afterwards. The input and the taps have their own slots, because the caller writes the
 * input before a run and reads the taps after it.
 */
final class SlotAllocator {
  private static final class Room {
    private final Placement placement;
    private long size;
    private boolean free;

    private Room(Placement placement, long size) {
      this.placement = placement;
      this.size = size;
    }
  }

  private final int batch;
  private final List<DraftValue> drafts;
  private final Placement[] placements;
  private final int[] lastUse;
  private final int[] slotOf;
  private final List<Room> rooms = new ArrayList<>();

  SlotAllocator(int batch, List<DraftValue> drafts, List<Phase> phases, int input, Set<Integer> taps) {
    this.batch = batch;
    this.drafts = drafts;
    placements = new Placement[drafts.size()];
    lastUse = new int[drafts.size()];
    slotOf = new int[drafts.size()];
    Arrays.fill(slotOf, -1);
    Arrays.fill(placements, Placement.SAMPLE);
    findLifetimes(phases, input, taps);
    pin(input);
    int index = 0;
    for (Phase phase : phases) {
      var dead = new ArrayList<Room>();
      for (Step step : phase.steps()) {
        allocate(step, index++, input, taps, dead);
        if (phase.kind() == Phase.Kind.BATCH) {
          free(dead);
        }
      }
      free(dead);
    }
  }

  private void findLifetimes(List<Phase> phases, int input, Set<Integer> taps) {
    int[] home = new int[drafts.size()];
    Arrays.fill(home, -1);
    int index = 0;
    for (int p = 0; p < phases.size(); p++) {
      Phase phase = phases.get(p);
      for (Step step : phase.steps()) {
        for (List<Integer> uses : List.of(step.reads(), step.writes())) {
          for (int value : uses) {
            lastUse[value] = index;
            if (home[value] != p) {
              placements[value] = home[value] == -1 ? inside(phase) : Placement.BATCH;
              home[value] = p;
            }
          }
        }
        index++;
      }
    }
    placements[input] = Placement.BATCH;
    for (int tap : taps) {
      placements[tap] = Placement.BATCH;
      lastUse[tap] = Integer.MAX_VALUE;
    }
  }

  /** Where a value is kept that is written and read within this phase alone. */
  private static Placement inside(Phase phase) {
    return switch (phase.kind()) {
      case PER_SAMPLE -> Placement.SAMPLE;
      case INDEPENDENT -> Placement.GROUP;
      case BATCH -> Placement.BATCH;
    };
  }

  /** @param dead gets the rooms that nobody needs after this step */
  private void allocate(Step step, int index, int input, Set<Integer> taps, List<Room> dead) {
    List<Integer> reads = step.reads();
    for (int value : step.writes()) {
      if (slotOf[value] >= 0) {
        continue;
      }
      if (taps.contains(value)) {
        pin(value);
        continue;
      }
      int donor = step.elementwise() ? donor(reads, value, index, input, taps) : -1;
      slotOf[value] = donor >= 0 ? slotOf[donor] : take(placements[value], size(value));
    }
    for (int value = 0; value < drafts.size(); value++) {
      if (slotOf[value] >= 0 && lastUse[value] == index && value != input && !inherited(value, index)) {
        Room room = rooms.get(slotOf[value]);
        // In a per-sample phase one sample may be steps ahead of another and, where the values differ in size, write over what
        // that one still reads: so the room is free only after the phase.
        if (room.placement == Placement.BATCH) {
          dead.add(room);
        } else {
          room.free = true;
        }
      }
    }
  }

  private static void free(List<Room> rooms) {
    rooms.forEach(room -> room.free = true);
    rooms.clear();
  }

  /** Whether a value that dies here has handed its slot to one that lives on. */
  private boolean inherited(int dying, int index) {
    for (int other = 0; other < drafts.size(); other++) {
      if (other != dying && slotOf[other] == slotOf[dying] && lastUse[other] > index) {
        return true;
      }
    }
    return false;
  }

  /** An input of an elementwise step that dies there and may be overwritten; -1 without one. */
  private int donor(List<Integer> reads, int written, int index, int input, Set<Integer> taps) {
    for (int read : reads) {
      if (lastUse[read] == index && read != input && !taps.contains(read) && placements[read] == placements[written]
          && drafts.get(read).shape().equals(drafts.get(written).shape())) {
        return read;
      }
    }
    return -1;
  }

  private void pin(int value) {
    rooms.add(new Room(placements[value], size(value)));
    slotOf[value] = rooms.size() - 1;
  }

  private int take(Placement placement, long size) {
    int best = -1;
    for (int i = 0; i < rooms.size(); i++) {
      Room room = rooms.get(i);
      if (room.free && room.placement == placement && (best < 0 || better(room.size, rooms.get(best).size, size))) {
        best = i;
      }
    }
    if (best < 0) {
      rooms.add(new Room(placement, size));
      return rooms.size() - 1;
    }
    Room room = rooms.get(best);
    room.free = false;
    room.size = Math.max(room.size, size);
    return best;
  }

  private static boolean better(long candidate, long best, long wanted) {
    boolean fits = candidate >= wanted;
    return fits == (best >= wanted) ? (fits ? candidate < best : candidate > best) : fits;
  }

  private long size(int value) {
    DraftValue draft = drafts.get(value);
    boolean whole = placements[value] != Placement.SAMPLE && draft.extent() == Extent.PER_SAMPLE;
    return (whole ? batch : 1L) * draft.shape().size();
  }

  List<Value> values() {
    var values = new ArrayList<Value>();
    for (int id = 0; id < drafts.size(); id++) {
      DraftValue draft = drafts.get(id);
      values.add(new Value(id, draft.name(), draft.shape(), draft.extent(), placements[id], slotOf[id]));
    }
    return values;
  }

  List<Slot> slots() {
    var slots = new ArrayList<Slot>();
    for (int id = 0; id < rooms.size(); id++) {
      slots.add(new Slot(id, rooms.get(id).placement, rooms.get(id).size));
    }
    return slots;
  }
}
