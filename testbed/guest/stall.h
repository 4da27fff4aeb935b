/* How long the guest stood still without having asked for it, by its own clock. */
#ifndef SLUICE_GUEST_STALL_H
#define SLUICE_GUEST_STALL_H

struct stall {
    /* The longest since the last reset. */
    double longest_ms;
    /* When it ended, in seconds since the guest's boot; 0: none yet. */
    double ended_at_sec;
};

void stall_start(void);
struct stall stall_read(void);
void stall_reset(void);
double uptime_sec(void);

#endif
