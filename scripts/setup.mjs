// Runs before everything else, on whatever Node the machine has: keep the syntax of this file old, so that an old Node can say so.
var major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  console.error('Belfry needs Node 20 or newer; this is ' + process.version + '.')
  process.exit(1)
}
void import('./setup/main.mjs').then((setup) => setup.main())
