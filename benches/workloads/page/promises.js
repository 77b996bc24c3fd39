// The workloads with nothing but the language's own promises, as one would write them by hand. What each has to come
// to, and why, stands in the Rust file of the same name. Every function takes a number of items and gives a number.

const range = (n) => Array.from({ length: n }, (_, number) => number);

const fold = (order, item) => (Math.imul(order, 31) + item) >>> 0;

function check(holds, message) {
  if (!holds) throw new Error(message);
}

/** Tasks that end at once. */
export async function spawn(n) {
  const tasks = range(n).map(async (number) => number);
  let sum = 0;
  for (const task of tasks) sum += await task;
  return sum;
}

/** One task for every 100 items, each yields 100 times. */
export async function switching(n) {
  let all = 0;
  const takeTurns = async () => {
    for (let turn = 0; turn < 100; turn++) {
      all += 1;
      await null;
    }
    check(all + n / 100 >= n, "the others were let through");
    return 100;
  };
  const turns = await Promise.all(range(n / 100).map(takeTurns));
  return turns.reduce((sum, each) => sum + each, 0);
}

/** One task that yields so many times. */
export async function alone(n) {
  const takeTurns = async () => {
    let turns = 0;
    while (turns < n) {
      await null;
      turns += 1;
    }
    return turns;
  };
  return await takeTurns();
}

/** Waiters in a ring, so that the first is taken out at no cost however many there are. */
class Waiters {
  #items = [];
  #first = 0;

  wait() {
    return new Promise((resolve) => this.#items.push(resolve));
  }

  /** Wakes the first. Says false if nobody waits. */
  wake() {
    if (this.#first === this.#items.length) return false;
    this.#items[this.#first]();
    this.#items[this.#first++] = undefined;
    if (this.#first === this.#items.length) {
      this.#items.length = 0;
      this.#first = 0;
    }
    return true;
  }
}

class Semaphore {
  #free;
  #waiters = new Waiters();

  constructor(permits) {
    this.#free = permits;
  }

  async acquire() {
    if (this.#free === 0) await this.#waiters.wait();
    else this.#free -= 1;
  }

  release() {
    // The permit is handed over: a newcomer cannot take it on the way.
    if (!this.#waiters.wake()) this.#free += 1;
  }
}

/** Each task holds one of ten permits over one turn. */
export async function limiter(n) {
  const semaphore = new Semaphore(10);
  let inside = 0;
  let peak = 0;
  let served = 0;
  let sum = 0;
  const visit = async (number) => {
    await semaphore.acquire();
    try {
      check(served === number, "first come, first served");
      inside += 1;
      peak = Math.max(peak, inside);
      served += 1;
      sum += number;
      await null;
      inside -= 1;
    } finally {
      semaphore.release();
    }
  };
  await Promise.all(range(n).map(visit));
  check(inside === 0 && served === n && peak === Math.min(10, n), "ten inside, then nobody");
  return sum;
}

class Queue {
  #room;
  #items = [];
  #closed = false;
  #putters = new Waiters();
  #takers = new Waiters();

  constructor(room) {
    this.#room = room;
  }

  async put(item) {
    while (this.#items.length === this.#room) await this.#putters.wait();
    this.#items.push(item);
    this.#takers.wake();
  }

  close() {
    this.#closed = true;
    while (this.#takers.wake());
  }

  /** The first item, or undefined once the queue is closed and empty. */
  async take() {
    while (this.#items.length === 0 && !this.#closed) await this.#takers.wait();
    const item = this.#items.shift();
    this.#putters.wake();
    return item;
  }
}

/** One task puts, another takes, and there is room for ten. */
export async function queue(n) {
  const numbers = new Queue(10);
  const putAll = async () => {
    for (let number = 0; number < n; number++) await numbers.put(number);
    numbers.close();
  };
  const takeAll = async () => {
    let order = 0;
    for (let item = await numbers.take(); item !== undefined; item = await numbers.take()) order = fold(order, item);
    return order;
  };
  const [, order] = await Promise.all([putAll(), takeAll()]);
  return order;
}

/** A scope by hand: a controller that follows the one around it. */
function below(signal) {
  const controller = new AbortController();
  signal.addEventListener("abort", () => controller.abort(), { once: true, signal: controller.signal });
  return controller.signal;
}

/** Ten leaves on a twig, ten twigs on a branch, and all of them wait when the root is aborted. */
export async function tree(n) {
  let began = 0;
  let dropped = 0;
  const leaf = async (signal) => {
    began += 1;
    try {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    } finally {
      dropped += 1;
    }
  };
  const twig = async (signal) => {
    const inside = below(signal);
    await Promise.allSettled(range(10).map(() => leaf(inside)));
  };
  const branch = async (signal) => {
    const inside = below(signal);
    await Promise.allSettled(range(10).map(() => twig(inside)));
  };
  const root = new AbortController();
  const branches = range(n / 100).map(() => branch(root.signal));
  while (began < n) await null;
  root.abort();
  await Promise.allSettled(branches);
  check(began === n, "every leaf waited");
  return dropped;
}

/** What a task fails with. Not an `Error`, which would have to write down its stack: those of the peers do not. */
class Failure {
  constructor(number) {
    this.number = number;
  }
}

/** Every task fails, every failure is kept. */
export async function errors(n) {
  const fail = async (number) => {
    // One turn more than the others take, in favour of promises: one that is rejected before anybody has attached
    // a handler is put down for `unhandledrejection`, with its stack, which takes twenty microseconds.
    await null;
    throw new Failure(number);
  };
  const results = await Promise.allSettled(range(n).map(fail));
  return results.reduce((sum, { reason }) => sum + reason.number, 0);
}
