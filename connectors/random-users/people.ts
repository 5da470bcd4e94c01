import { createHash } from 'node:crypto'
import { Faker, en } from '@faker-js/faker'
import { CITIES } from './cities.ts'

/** About 10 km, in degrees of latitude. */
const SCATTER = 0.1
const OLDEST = '1941-01-01'
const YOUNGEST = '2007-12-31'

/** A person as the old dashboard's API (random-data-api v2, gone since) sent one; password, card and social number included, as there. */
export type OfflinePerson = ReturnType<typeof draw>

/** Invents people. The same seed and position give the same person, whoever was asked for before. */
export function inventor(seed: string): (position: number) => OfflinePerson {
  const faker = new Faker({ locale: [en] })
  return (position) => {
    faker.seed(seedOf(`${seed}/${position}`))
    return draw(faker, position)
  }
}

function draw(faker: Faker, position: number) {
  const first = faker.person.firstName()
  const last = faker.person.lastName()
  const uid = faker.string.uuid()
  return {
    id: position + 1,
    uid,
    password: faker.internet.password({ length: 10 }),
    first_name: first,
    last_name: last,
    username: faker.internet.username({ firstName: first, lastName: last }).toLowerCase(),
    // example.com is reserved, so no invented address can be somebody's.
    email: faker.internet.email({ firstName: first, lastName: last, provider: 'example.com' }).toLowerCase(),
    avatar: uid,
    gender: faker.person.sex(),
    phone_number: faker.phone.number({ style: 'international' }),
    social_insurance_number: faker.string.numeric(9),
    date_of_birth: faker.date.between({ from: OLDEST, to: YOUNGEST }).toISOString().slice(0, 10),
    employment: { title: faker.person.jobTitle(), key_skill: faker.person.jobType() },
    address: address(faker),
    credit_card: { cc_number: faker.finance.creditCardNumber() },
    subscription: {
      plan: faker.helpers.arrayElement(['Bronze', 'Silver', 'Gold', 'Platinum']),
      status: faker.helpers.arrayElement(['Active', 'Pending', 'Blocked', 'Idle']),
      payment_method: faker.helpers.arrayElement(['Card', 'Invoice', 'Money transfer']),
      term: faker.helpers.arrayElement(['Monthly', 'Annual']),
    },
  }
}

function address(faker: Faker) {
  const home = faker.helpers.arrayElement(CITIES)
  const near = (degrees: number): number => Number((degrees + faker.number.float({ min: -SCATTER, max: SCATTER })).toFixed(5))
  return {
    city: home.name,
    street_name: faker.location.street(),
    street_address: faker.location.streetAddress(),
    zip_code: faker.location.zipCode(),
    country: home.country,
    coordinates: { lat: near(home.latitude), lng: near(home.longitude) },
  }
}

/** 128 bits of the text's hash, so that neighbouring positions have nothing in common. */
function seedOf(text: string): number[] {
  const hash = createHash('sha256').update(text).digest()
  return [hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8), hash.readUInt32LE(12)]
}
