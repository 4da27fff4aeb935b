/** Names of the core's own things. */
declare const brand: unique symbol;
export type MigrationId = string & { readonly [brand]: 'migration' };
export type VmId = string & { readonly [brand]: 'vm' };
/** 32-bit; the low half of every cookie and the offset of the meter id. */
export type ReservationId = number & { readonly [brand]: 'reservation' };
