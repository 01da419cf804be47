/*
 * The rotation of a disk encryption set's key, as a model for spin: two nodes, one database, one host, three VMs.
 * README.md beside this file says what is modelled, what is not, and how to read it.
 *
 * A transition is one d_step, and what must hold is asked after each: nothing happens in its midst. Between any two of
 * them a node may be killed, or may be so slow that its lease runs out and the other node takes over; "paused" is
 * nothing more than slow. A comment that begins with "T:" names the transition below it; transitions.md says what it is
 * in the code, and ModelTransitionsTest holds both against the code.
 */

#ifndef VMS
#define VMS 3 /* or 2 */
#endif
#define ROTATION VMS /* the operations: one on each VM, and then the rotation */
#define NOBODY   7
#define NOTHING  7

mtype:set = { SUCCEEDED, UPDATING, FAILED }
mtype:power = { STOPPED, STARTING, RUNNING, STOPPING }

/* How far a node has come with the operation that it holds. */
mtype:at = {
  IDLE,
  CLAIMED, /* nothing is done yet */
  OPENED,  /* a start: the VM's data keys are in the node's memory */
  DONE,    /* a start, a stop: the host did it; the database does not know yet */
  FENCED,  /* a start that fails: the host has the number of this claim, and no machine runs */
  MINTED,  /* a rotation: there is a set key for the target version, perhaps in the node's memory alone */
  KEPT,    /* its row is stored */
  LOOKING, /* it is opened; the next artifact is looked for */
  SEALED   /* a new envelope of one artifact is in the node's memory */
}

/* ---- The database. ---- */

/* Of the two key versions version 0 is always the one that the set references: a rotation that succeeds swaps them. */
mtype:set set = SUCCEEDED;    /* the set's provisioning state */
bit to = 0;                   /* the rotation's target version; 0 is the way back, while artifacts are split */
bool targeted = false;        /* the rotation's row names the set key of its target */
byte cursor = 0;              /* artifacts before it were looked at in this rotation */

/* Set keys 0 and 1 are of key version 0, set keys 2 and 3 of version 1. One that is minted anew is another than the one
 * before it, and opens nothing that the earlier one sealed. */
#define version(key) ((key) / 2)
bool stored[4] = { true, false, false, false }; /* its row is there */
bool usable[2] = true;        /* the key version is in its vault */
byte envelope[VMS];           /* of each VM's one artifact: the set key that its data key is sealed under */

typedef Operation {
  bool unfinished;
  byte owner = NOBODY;        /* who has the lease; nobody where it ran out or was given back */
  byte fence                  /* the number of its newest claim */
}
Operation op[VMS + 1];
mtype:power power[VMS] = STOPPED;

/* ---- The host. ---- */

bool runs[VMS];               /* a machine of the VM runs */
byte taken[VMS];              /* the highest number that came with an order about the VM */

/* ---- The nodes. ---- */

typedef Node {
  mtype:at at = IDLE;
  byte op = NOTHING;
  byte fence;
  byte target = NOTHING;      /* a rotation: the set key that it seals under, ... */
  byte artifact;              /* ... the artifact in hand, ... */
  byte found                  /* ... and the set key that it was found under, which stands for its row's revision */
}
Node node[2];

bool quiet = false;           /* from now on nobody asks for anything, nothing is killed, and no lease runs out */

/* ---- What must hold: asked in every transition. The names are what spin prints. ---- */

bool every_envelope_opens, no_vm_runs_while_updating, succeeded_means_all_under_the_target;
bool whatever_was_begun_has_ended;
byte i, next; /* these and the ones above are set to nothing again at the end of a transition */

inline look() {
  every_envelope_opens = true;
  no_vm_runs_while_updating = true;
  succeeded_means_all_under_the_target = true;
  for (i : 0 .. VMS - 1) {
    every_envelope_opens = every_envelope_opens && stored[envelope[i]] && usable[version(envelope[i])];
    no_vm_runs_while_updating = no_vm_runs_while_updating &&
        (set != UPDATING || (power[i] == STOPPED && !runs[i]));
    succeeded_means_all_under_the_target = succeeded_means_all_under_the_target &&
        (set != SUCCEEDED || version(envelope[i]) == 0)
  }
  assert(every_envelope_opens);
  assert(no_vm_runs_while_updating);
  assert(succeeded_means_all_under_the_target);
  forget_late(0);
  forget_late(1);
  forget_numbers();
  forget_set_keys();
#ifndef NAMES
  forget_names();
#endif
  every_envelope_opens = false;
  no_vm_runs_while_updating = false;
  succeeded_means_all_under_the_target = false;
  i = 0;
  next = 0
}

/* ---- What makes no difference is forgotten; without that there would be no end of states. ---- */

#define is_newest(n)   (op[node[n].op].unfinished && op[node[n].op].fence == node[n].fence)
#define works_on(n, o) (node[n].op == (o))
#define late(n, a)     (works_on(n, a) && node[n].fence < taken[a])
#define newest(n, o)   (works_on(n, o) && node[n].fence == op[o].fence)
#define was_taken(f)   (taken[0] == f || taken[1] == f || taken[VMS - 1] == f)
#define lower(x)       x = (x > next -> x - 1 : x)

inline drop(n) {
  node[n].at = IDLE;
  node[n].op = NOTHING;
  node[n].fence = 0;
  node[n].target = NOTHING;
  node[n].artifact = 0;
  node[n].found = 0
}

/* A node that is late with a rotation and has nothing in hand can do nothing but find out: it is as good as idle. */
inline forget_late(n) {
  if
  :: node[n].op == ROTATION && node[n].at != MINTED && node[n].at != SEALED && !is_newest(n) -> drop(n)
  :: else
  fi
}

/* Of two claims only which has the higher number counts, and only while a node has one to compare. So a number that
 * nobody will compare becomes 0, and gaps are closed. */
inline forget_numbers() {
  for (i : 0 .. VMS - 1) {
    taken[i] = (late(0, i) || late(1, i) -> taken[i] : 0);
    op[i].fence = (newest(0, i) || newest(1, i) -> op[i].fence : 0)
  }
  op[ROTATION].fence = (newest(0, ROTATION) || newest(1, ROTATION) -> op[ROTATION].fence : 0);
  next = 5;
  do
  :: next > 0 ->
     if
     :: node[0].fence == next || node[1].fence == next || was_taken(next)
     :: else ->
        lower(node[0].fence);
        lower(node[1].fence);
        for (i : 0 .. VMS - 1) { lower(taken[i]); lower(op[i].fence) }
        lower(op[ROTATION].fence)
     fi;
     next--
  :: else -> break
  od
}

/* Into next: a number above all that are known. The code counts, and never gives a number twice. */
inline next_fence() {
  next = (node[0].fence > node[1].fence -> node[0].fence : node[1].fence);
  for (i : 0 .. VMS - 1) { next = (taken[i] > next -> taken[i] : next) }
  next++
}

#define nobody_rotates (node[0].op != ROTATION && node[1].op != ROTATION)

/* Which of a version's two numbers its set key has counts only while a node has one in hand. */
inline forget_set_keys() {
  if
  :: nobody_rotates ->
     for (i : 0 .. VMS - 1) { envelope[i] = envelope[i] - (stored[envelope[i]] -> envelope[i] % 2 : 0) }
     stored[0] = stored[0] || stored[1];
     stored[1] = false;
     stored[2] = stored[2] || stored[3];
     stored[3] = false
  :: else
  fi
}

#define swap(x, y) next = x; x = y; y = next

/* All that is known of a VM, and of a node, as one number. */
#define vm_sum(a)   (envelope[a] + 4 * power[a] + 32 * op[a].unfinished + 64 * runs[a] + 128 * op[a].owner + \
                     1024 * op[a].fence + 8192 * taken[a] + 65536 * works_on(0, a) + 131072 * works_on(1, a))
#define node_sum(n) (node[n].at + 32 * node[n].op + 256 * node[n].fence + 2048 * node[n].target + \
                     16384 * node[n].artifact + 65536 * node[n].found)

inline sort_vms(a, b) {
  if
  :: vm_sum(a) > vm_sum(b) ->
     swap(envelope[a], envelope[b]);
     swap(power[a], power[b]);
     swap(runs[a], runs[b]);
     swap(taken[a], taken[b]);
     swap(op[a].unfinished, op[b].unfinished);
     swap(op[a].owner, op[b].owner);
     swap(op[a].fence, op[b].fence);
     for (i : 0 .. 1) { node[i].op = (node[i].op == a -> b : (node[i].op == b -> a : node[i].op)) }
  :: else
  fi
}

/* VMs differ only in what is behind the cursor, and nodes in nothing. */
inline forget_names() {
  if
  :: set != UPDATING && nobody_rotates ->
     sort_vms(0, 1);
#if VMS == 3
     sort_vms(1, 2);
     sort_vms(0, 1)
#endif
  :: else
  fi;
  if
  :: node_sum(0) > node_sum(1) ->
     swap(node[0].at, node[1].at);
     swap(node[0].op, node[1].op);
     swap(node[0].fence, node[1].fence);
     swap(node[0].target, node[1].target);
     swap(node[0].artifact, node[1].artifact);
     swap(node[0].found, node[1].found);
     for (i : 0 .. VMS) { op[i].owner = (op[i].owner < 2 -> 1 - op[i].owner : op[i].owner) }
  :: else
  fi
}

/* ---- Who asks: a process for each key version, and one for each VM. ---- */

#define left(k, a)     (version(envelope[a]) != (k))
#define some_left(k)   (left(k, 0) || left(k, 1) || left(k, VMS - 1))
#define in_use(k)      (some_left(1 - (k)) || (op[ROTATION].unfinished && targeted && to == (k)))
#define at_rest(a)     (power[a] == STOPPED && !op[a].unfinished)
#define all_at_rest    (at_rest(0) && at_rest(1) && at_rest(VMS - 1))
#define has_set_key(k) (stored[2 * (k)] || stored[2 * (k) + 1])
#define set_key_of(k)  (stored[2 * (k)] -> 2 * (k) : 2 * (k) + 1)

inline begin(o) {
  op[o].unfinished = true;
  op[o].owner = NOBODY
}

active [2] proctype key_version() {
end:
  do
  :: atomic {
    if
    /* T: rotation begins */
    :: d_step { !quiet && set != UPDATING && all_at_rest && (_pid == 1 || some_left(0)) ->
         set = UPDATING; to = _pid; begin(ROTATION) }
    /* T: key version is deleted */
    :: d_step { !quiet && usable[_pid] && !in_use(_pid) -> usable[_pid] = false }
    /* T: key version is made */
    :: d_step { !quiet && !usable[_pid] && !has_set_key(_pid) -> usable[_pid] = true }
    fi;
    d_step { look() }
  }
  od
}

#ifdef BUG_NO_INTERLOCK
#define startable true
#else
#define startable (set != UPDATING)
#endif

#define a_vm (_pid - 2)

active [VMS] proctype vm() {
end:
  do
  :: atomic {
    if
    /* T: start is asked for */
    :: d_step { !quiet && at_rest(a_vm) && startable -> power[a_vm] = STARTING; begin(a_vm) }
    /* T: power off is asked for */
    :: d_step { !quiet && power[a_vm] == RUNNING && !op[a_vm].unfinished ->
         power[a_vm] = STOPPING; begin(a_vm) }
    /* T: guest shuts itself down */
    :: d_step { !quiet && runs[a_vm] -> runs[a_vm] = false }
    /* T: VM is found stopped */
    :: d_step { power[a_vm] == RUNNING && !op[a_vm].unfinished && !runs[a_vm] -> power[a_vm] = STOPPED }
    fi;
    d_step { look() }
  }
  od
}

/* ---- The nodes. ---- */

#define me       (_pid - 2 - VMS)
#define holds    is_newest(me)
#define my       node[me]
#define mine     op[my.op]
#define rotates  (my.op == ROTATION)
#define starts   (my.op < VMS && power[my.op] == STARTING)
#define stops    (my.op < VMS && power[my.op] == STOPPING)
#define openable (stored[envelope[my.op]] && usable[version(envelope[my.op])])


#ifdef BUG_LATE_WRITE_ACCEPTED
#define rewrap_counts (op[ROTATION].unfinished)
#else
#define rewrap_counts holds
#endif

#ifdef BUG_LATE_END_ACCEPTED
#define start_counts (starts)
#else
#define start_counts (holds && starts)
#endif

#ifdef BUG_LATE_ORDER_ACCEPTED
#define host_takes true
#else
#define host_takes (my.fence >= taken[my.op])
#endif

#ifdef BUG_FINISH_WITH_ONE_LEFT
#define all_under_the_target (left(to, 0) + left(to, 1) + (VMS > 2 && left(to, VMS - 1)) <= 1)
#else
#define all_under_the_target (!some_left(to))
#endif

inline claim(o) {
  op[o].owner = me;
#ifdef BUG_CLAIM_WITHOUT_NEW_FENCE
  if
  :: op[o].fence == 0 -> next_fence(); op[o].fence = next
  :: else
  fi;
#else
  next_fence();
  op[o].fence = next;
#endif
  my.op = o;
  my.fence = op[o].fence;
  my.at = CLAIMED
}

inline end_operation() {
  mine.unfinished = false;
  mine.owner = NOBODY;
  drop(me)
}

#define some_behind_cursor \
  (left(to, 0) && cursor == 0 || left(to, 1) && cursor <= 1 || left(to, VMS - 1) && cursor < VMS)

inline first_behind_cursor() {
  my.artifact = cursor;
  do
  :: !left(to, my.artifact) -> my.artifact++
  :: else -> break
  od
}

/* The set's set keys that no artifact is under go, but for the one that is kept. */
inline delete_unused(kept) {
  for (i : 0 .. 3) {
    stored[i] = stored[i] && (i == kept || envelope[0] == i || envelope[1] == i || envelope[VMS - 1] == i)
  }
}

/* The set references the target from now on, so it is version 0. */
inline target_becomes_current() {
  if
  :: to == 1 ->
     swap(usable[0], usable[1]);
     swap(stored[0], stored[2]);
     swap(stored[1], stored[3]);
     for (i : 0 .. VMS - 1) { envelope[i] = (envelope[i] + 2) % 4 }
     for (i : 0 .. 1) {
       node[i].target = (node[i].target < 4 -> (node[i].target + 2) % 4 : node[i].target);
       node[i].found = (node[i].at == SEALED -> (node[i].found + 2) % 4 : 0)
     }
  :: else
  fi
}

/* What the rotation's row says is of no more use. */
inline end_rotation(how) {
  set = how;
  to = 0;
  targeted = false;
  cursor = 0;
  end_operation()
}

active [2] proctype runner() {
end:
  do
  :: atomic {
    if
    /* T: node is killed, and starts again */
    :: d_step { !quiet && my.op != NOTHING ->
#ifndef BUG_LEASE_OF_THE_KILLED_STAYS
         mine.owner = (mine.owner == me -> NOBODY : mine.owner);
#endif
         drop(me) }
    /* T: lease runs out */
    :: d_step { !quiet && my.op != NOTHING && mine.owner == me && holds -> mine.owner = NOBODY }
    /* T: operation is claimed */
    :: d_step { my.at == IDLE && op[0].unfinished && op[0].owner == NOBODY -> claim(0) }
    :: d_step { my.at == IDLE && op[1].unfinished && op[1].owner == NOBODY -> claim(1) }
#if VMS == 3
    :: d_step { my.at == IDLE && op[2].unfinished && op[2].owner == NOBODY -> claim(2) }
#endif
    :: d_step { my.at == IDLE && op[ROTATION].unfinished && op[ROTATION].owner == NOBODY -> claim(ROTATION) }
    /* T: lease is lost */
    :: d_step { my.op != NOTHING && !holds -> drop(me) }

    /* A start. */

    /* T: data keys are opened */
    :: d_step { my.at == CLAIMED && holds && starts && openable -> my.at = OPENED }
    /* T: host starts the VM */
    :: d_step { my.at == OPENED && host_takes ->
         taken[my.op] = my.fence; runs[my.op] = true; my.at = DONE }
    /* T: VM is running */
    :: d_step { my.at == DONE && holds && starts -> power[my.op] = RUNNING; end_operation() }
    /* T: host is given the fence of a start that fails */
    :: d_step { (my.at == CLAIMED || my.at == OPENED) && starts && host_takes ->
#ifndef BUG_START_FAILS_WITHOUT_FENCE
         taken[my.op] = my.fence;
#endif
#ifdef BUG_START_FAILS_UNASKED
         my.at = FENCED;
#else
         my.at = (runs[my.op] -> DONE : FENCED);
#endif
       }
    /* T: start has failed */
    :: d_step { my.at == FENCED && start_counts -> power[my.op] = STOPPED; end_operation() }

    /* A power off. */

    /* T: host stops the VM */
    :: d_step { my.at == CLAIMED && stops && host_takes ->
         taken[my.op] = my.fence; runs[my.op] = false; my.at = DONE }
    /* T: VM is stopped */
    :: d_step { my.at == DONE && holds && stops -> power[my.op] = STOPPED; end_operation() }
    /* T: stop has failed */
    :: d_step { my.at == CLAIMED && holds && stops -> power[my.op] = RUNNING; end_operation() }

    /* A rotation. */

    /* T: set key is found */
    :: d_step { my.at == CLAIMED && holds && rotates && has_set_key(to) -> my.target = set_key_of(to); my.at = MINTED }
    /* T: set key is minted */
    :: d_step { my.at == CLAIMED && holds && rotates && !has_set_key(to) && usable[to] ->
         my.target = (node[1 - me].target == 2 * to -> 2 * to + 1 : 2 * to); my.at = MINTED }
    /* T: set key is kept */
    :: d_step { my.at == MINTED && holds ->
         my.target = (has_set_key(to) -> set_key_of(to) : my.target);
         stored[my.target] = true;
#ifndef BUG_TARGET_NOT_IN_USE
         targeted = true;
#endif
         my.at = KEPT }
    /* T: set key is opened */
    :: d_step { my.at == KEPT && holds && stored[my.target] && usable[version(my.target)] -> my.at = LOOKING }
    /* T: artifact is sealed anew */
    :: d_step { my.at == LOOKING && holds && some_behind_cursor ->
         first_behind_cursor(); my.found = envelope[my.artifact]; my.at = SEALED }
    /* T: artifact is re-wrapped */
    :: d_step { my.at == SEALED && rewrap_counts ->
         envelope[my.artifact] = (envelope[my.artifact] == my.found -> my.target : envelope[my.artifact]);
         cursor = my.artifact + 1; my.artifact = 0; my.found = 0; my.at = LOOKING }
    /* T: artifact keeps its key */
    :: d_step { my.at == LOOKING && holds && some_behind_cursor ->
         first_behind_cursor();
#ifndef BUG_CURSOR_NOT_STORED
         cursor = my.artifact + 1;
#endif
         my.artifact = 0 }
    /* T: rotation has succeeded */
    :: d_step { my.at == LOOKING && holds && !some_behind_cursor && all_under_the_target ->
         delete_unused(my.target); target_becomes_current(); end_rotation(SUCCEEDED) }
    /* T: rotation is incomplete */
    :: d_step { my.at == LOOKING && holds && !some_behind_cursor && !all_under_the_target ->
         delete_unused(NOTHING); end_rotation(FAILED) }
    /* T: rotation has failed */
    :: d_step { (my.at == CLAIMED || my.at == KEPT || my.at == LOOKING) && holds && rotates ->
         delete_unused(NOTHING); end_rotation(FAILED) }
    fi;
    d_step { look() }
  }
  od
}

/* ---- The end. ---- */

#ifdef ENDS
/* As long as this process stands at its first line, there is progress: only what goes on for ever after that line is a
 * cycle without progress. */
active proctype world() {
progress_until_quiet:
  /* T: nothing is asked for any more */
  d_step { true -> quiet = true };
end:
  timeout ->
  d_step {
    whatever_was_begun_has_ended = (set != UPDATING);
    for (i : 0 .. VMS) { whatever_was_begun_has_ended = whatever_was_begun_has_ended && !op[i].unfinished };
    assert(whatever_was_begun_has_ended)
  }
}
#endif
