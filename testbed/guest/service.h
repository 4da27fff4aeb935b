/* What clients use while the guest is migrated. */
#ifndef SLUICE_GUEST_SERVICE_H
#define SLUICE_GUEST_SERVICE_H

#include <stdint.h>

/* TCP and UDP on the same port. */
void service_start(uint16_t port);

#endif
