// What columns are likely to be, from the names and values that a source sends: for connectors that learn their columns.
export { convert, converter, kindOfValue, lacksOffset, widen, widenKnown, type Convert, type FoundKind } from './kinds.ts'
export { freeName, safeName } from './names.ts'
export { chosenRoles, Profile, type Declared, type Guess } from './profile.ts'
