/* Two video elements that play in step. Components load it before their own script. */

const MOST_DRIFT = 0.25; // seconds; beyond it the follower jumps
const LEAST_DRIFT = 0.015; // seconds; below it both are taken to be in step
const PATIENCE_MILLISECONDS = 4000; // that the leader waits for a follower which has to load

/* `leader` has the sound and the time. `follower` shows the same scenes, `start` seconds later in its own film. It may
   be without a film; then the leader plays alone. */
class Players {
  constructor(leader, follower) {
    Object.assign(this, { leader, follower, start: 0, wantsToPlay: false, plays: false, isTold: false, isLate: false });
  }

  /* `changed` is called after each change of the time or of the state, `failed` if the leader's film cannot be shown. */
  listen(changed, failed, signal) {
    this.changed = changed;
    const states = ["waiting", "play", "playing", "canplay", "seeking", "seeked", "ended", "loadedmetadata"];
    for (const video of [this.leader, this.follower]) {
      for (const type of states) video.addEventListener(type, () => this.update(), { signal });
    }
    for (const type of ["timeupdate", "durationchange", "volumechange"]) {
      this.leader.addEventListener(type, () => this.update(), { signal });
    }
    this.leader.addEventListener("pause", () => this.notePause(), { signal });
    this.leader.addEventListener("error", failed, { signal });
    this.follower.addEventListener("error", () => this.playAlone(), { signal });
    signal.addEventListener("abort", () => this.stopTimer());
  }

  /* `leader`, `follower`: addresses; null for no follower. */
  load(leader, follower, start) {
    const wanted = [leader, follower, start].join(" ");
    if (this.loaded === wanted) return;
    Object.assign(this, { loaded: wanted, start, wantsToPlay: false });
    this.leader.src = leader;
    if (follower) this.follower.src = follower;
    else this.playAlone();
  }

  /* Takes the follower's film away: there is none, or the browser cannot play it. */
  playAlone() {
    this.follower.removeAttribute("src");
    this.follower.load();
    this.update();
  }

  get isAlone() {
    return !this.follower.hasAttribute("src");
  }

  get isFollowerReady() {
    return this.isAlone || isReady(this.follower);
  }

  get isWaiting() {
    return this.wantsToPlay && !(isReady(this.leader) && (this.isFollowerReady || this.isLate));
  }

  get duration() {
    return Number.isFinite(this.leader.duration) ? this.leader.duration : 0;
  }

  toggle() {
    this.wantsToPlay = !this.wantsToPlay;
    if (this.wantsToPlay && this.leader.ended) this.seek(0);
    this.update();
  }

  seek(seconds) {
    this.leader.currentTime = seconds;
    this.align();
    this.update();
  }

  align() {
    this.alignedAt = this.leader.currentTime;
    this.follower.currentTime = this.alignedAt + this.start;
  }

  /* Plays or pauses both as wanted. One that is ready waits for the other; one that is not is left to play as soon as it
     can, because telephones load nothing before. */
  update() {
    const { leader, follower } = this;
    if (!leader.paused && !this.isTold) this.wantsToPlay = true; // by the browser, see notePause
    if (leader.ended && !leader.seeking) this.wantsToPlay = false;
    this.watchFollower();
    this.plays = this.wantsToPlay && !this.isWaiting;
    this.isTold = this.plays || (this.wantsToPlay && !isReady(leader));
    this.set(leader, this.isTold);
    if (!this.isAlone) {
      this.set(follower, !follower.ended && (this.plays || (this.wantsToPlay && !isReady(follower))));
      this.keepInStep();
    }
    this.changed();
  }

  /* Notices a follower that keeps the leader waiting for too long. */
  watchFollower() {
    if (!this.wantsToPlay || !isReady(this.leader) || this.isFollowerReady) {
      this.stopTimer();
      this.isLate = false;
    } else {
      this.timer ??= setTimeout(() => {
        this.isLate = true;
        this.update();
      }, PATIENCE_MILLISECONDS);
    }
  }

  stopTimer() {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  set(video, plays) {
    if (!plays) return video.pause();
    // A pause that comes while it starts aborts the start, and is no failure.
    if (video.paused) video.play().catch((error) => error.name === "AbortError" || this.notePause());
  }

  /* The browser may pause or play the film on its own, for instance by a key of the keyboard or of headphones. */
  notePause() {
    if (this.plays && this.leader.paused) this.wantsToPlay = false;
    this.update();
  }

  /* A small drift is made up by the follower's speed, which is not seen, a large one by a jump. */
  keepInStep() {
    const { leader, follower, plays } = this;
    if (follower.seeking || follower.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    const drift = follower.currentTime - leader.currentTime - this.start;
    const isOver = drift < 0 && follower.ended; // a shorter film stays at its last frame
    const isFar = plays ? Math.abs(drift) > MOST_DRIFT : this.alignedAt !== leader.currentTime;
    if (isFar && !isOver) this.align();
    const correction = Math.abs(drift) > LEAST_DRIFT ? Math.min(0.1, Math.max(-0.1, drift)) : 0;
    follower.playbackRate = plays ? 1 - correction : 1;
  }
}

/* Whether a film can go on now; at its end, it need not. */
function isReady(video) {
  return !video.seeking && (video.ended || video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA);
}

