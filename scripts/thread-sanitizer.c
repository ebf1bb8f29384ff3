// Tells the thread sanitizer what the Swift library does, which is not built with it.
//
// Without this, whatever a contended mutex protects would be reported, and whatever is changed in place after another
// thread let go of its copy. scripts/sanitize compiles it and loads it before the library, whose functions these stand
// for. Object addresses stand for their reference counts, tasks for what they wait for.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

static void acquire(void *address) {
    if (__tsan_acquire && address) __tsan_acquire(address);
}

static void release(void *address) {
    if (__tsan_release && address) __tsan_release(address);
}

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) {
        fprintf(stderr, "thread-sanitizer.c: the Swift library has no %s\n", name);
        abort();
    }
    return found;
}

// A mutex whose lock is free is taken by atomic operations in the caller, which the sanitizer sees; the rest is here.

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slow(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF) {
    SWIFT void (*lock)(uint32_t, SELF) = next(LOCK);
    lock(thread, self);
    acquire(self);
}

SWIFT bool try_lock_slow(SELF) __asm__(TRY_LOCK);
SWIFT bool try_lock_slow(SELF) {
    SWIFT bool (*lock)(SELF) = next(TRY_LOCK);
    bool locked = lock(self);
    if (locked) acquire(self);
    return locked;
}

SWIFT void unlock_slow(SELF) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF) {
    SWIFT void (*unlock)(SELF) = next(UNLOCK);
    release(self);
    unlock(self);
}

// Whoever finds a buffer to be used by nobody else comes after all who let go of it.

void swift_release(void *object) {
    static void (*real)(void *);
    if (!real) real = next(__func__);
    release(object);
    real(object);
}

bool swift_isUniquelyReferenced_nonNull_native(void *object) {
    static bool (*real)(void *);
    if (!real) real = next(__func__);
    bool unique = real(object);
    if (unique) acquire(object);
    return unique;
}

// The runtime tells the sanitizer of a continuation that is resumed while its task waits, not of one that was resumed
// before: what the task was handed would be reported. The task gives memory back when it goes on, here.

SWIFT void swift_task_dealloc(void *memory) {
    static SWIFT void *(*current)(void);
    static SWIFT void (*real)(void *);
    if (!real) {
        current = next("swift_task_getCurrent");
        real = next(__func__);
    }
    acquire(current());
    real(memory);
}
