/* Answers questions and takes orders, one line each, over UDP and over a serial port. */
#ifndef SLUICE_GUEST_CONTROL_H
#define SLUICE_GUEST_CONTROL_H

#include <stdint.h>

/* device: a serial port whose other end the host holds; NULL: none. */
void control_start(uint16_t udp_port, const char *device);

#endif
