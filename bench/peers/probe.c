/* The supervised child of every scenario.
 *
 *   probe sleep  DIR NAME SECS         write a start stamp, sleep
 *   probe tick   DIR NAME SECS         same, and print a line every 100 ms; ends with 8 if its output is gone, as
 *                                      Python, Node, curl, ... do (SIGPIPE, if not ignored, ends it anyway)
 *   probe lines  DIR NAME COUNT        print COUNT lines of 100 bytes as fast as stdio allows, then exit 0
 *   probe tree   DIR NAME SECS         child + 3 grandchildren: plain, setsid, setsid+reparented
 *
 * Start stamp: file DIR/NAME.PID holding CLOCK_MONOTONIC in ns (Node's process.hrtime uses the same clock).
 * SIGUSR1 makes any of them exit with status 7 (a child that "ended by itself").
 * Every mode ends by itself after SECS, so nothing can outlive a broken bench run for long.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

static long long mono_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (long long)t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void stamp(const char *dir, const char *name, const char *suffix, long long ns) {
  char path[4096], text[64];
  snprintf(path, sizeof path, "%s/%s%s.%d", dir, name, suffix, (int)getpid());
  int n = snprintf(text, sizeof text, "%lld\n", ns);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  if (write(fd, text, n) != n) { /* nothing useful to do */ }
  close(fd);
}

static void on_usr1(int s) { (void)s; _exit(7); }

static void nap(long long total_ms) {
  long long end = mono_ns() + total_ms * 1000000LL;
  for (;;) {
    long long left = end - mono_ns();
    if (left <= 0) return;
    struct timespec t = { left / 1000000000LL, left % 1000000000LL };
    nanosleep(&t, NULL);
  }
}

int main(int argc, char **argv) {
  long long t0 = mono_ns();
  if (argc < 5) { fprintf(stderr, "usage: probe sleep|tick|lines|tree DIR NAME N\n"); return 2; }
  const char *mode = argv[1], *dir = argv[2], *name = argv[3];
  long n = atol(argv[4]);
  signal(SIGUSR1, on_usr1);
  stamp(dir, name, "", t0);

  if (!strcmp(mode, "sleep")) { nap((long long)n * 1000); return 0; }

  if (!strcmp(mode, "tick")) {
    long long end = mono_ns() + (long long)n * 1000000000LL;
    for (long i = 0; mono_ns() < end; i++) {
      if (printf("tick %ld\n", i) < 0 || fflush(stdout)) return 8;
      nap(100);
    }
    return 0;
  }

  if (!strcmp(mode, "lines")) {
    char line[101];
    memset(line, '.', sizeof line);
    line[99] = '\n';
    line[100] = 0;
    for (long i = 0; i < n; i++) {
      char head[32];
      int k = snprintf(head, sizeof head, "#%09ld#", i);
      memcpy(line, head, k);
      if (fwrite(line, 1, 100, stdout) != 100) { stamp(dir, name, "-writefail", mono_ns()); return 9; }
    }
    if (fflush(stdout)) { stamp(dir, name, "-writefail", mono_ns()); return 9; }
    stamp(dir, name, "-written", mono_ns());
    return 0;
  }

  if (!strcmp(mode, "tree")) {
    if (fork() == 0) { stamp(dir, name, "-grandchild-plain", mono_ns()); nap((long long)n * 1000); _exit(0); }
    if (fork() == 0) { setsid(); stamp(dir, name, "-grandchild-setsid", mono_ns()); nap((long long)n * 1000); _exit(0); }
    pid_t mid = fork();
    if (mid == 0) {
      if (fork() == 0) { setsid(); usleep(50000); stamp(dir, name, "-grandchild-daemonised", mono_ns()); nap((long long)n * 1000); _exit(0); }
      _exit(0); /* its child is re-parented to init (or to a subreaper) */
    }
    nap((long long)n * 1000);
    return 0;
  }
  return 2;
}
