// Loaded into Belfry's processes with --expose-gc: memory is compared after garbage is collected, on SIGUSR2.
process.on('SIGUSR2', () => globalThis.gc?.())
