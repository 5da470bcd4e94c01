/** A real city; the invented people live in one of these, so that the map shows land under every point. */
export interface City {
  readonly name: string
  readonly country: string
  /** Degrees north of the equator. */
  readonly latitude: number
  /** Degrees east of Greenwich. */
  readonly longitude: number
}

const city = (name: string, country: string, latitude: number, longitude: number): City => ({ name, country, latitude, longitude })

/** Inland or large enough that a point a few kilometres away is still on land. The order is part of who lives where: only ever add at the end. */
export const CITIES: readonly City[] = [
  city('Stockholm', 'Sweden', 59.33, 18.06),
  city('Gothenburg', 'Sweden', 57.71, 11.99),
  city('Uppsala', 'Sweden', 59.86, 17.64),
  city('Linköping', 'Sweden', 58.41, 15.62),
  city('Umeå', 'Sweden', 63.83, 20.26),
  city('Oslo', 'Norway', 59.93, 10.76),
  city('Copenhagen', 'Denmark', 55.68, 12.52),
  city('Aarhus', 'Denmark', 56.15, 10.16),
  city('Tampere', 'Finland', 61.5, 23.79),
  city('Berlin', 'Germany', 52.52, 13.4),
  city('Munich', 'Germany', 48.14, 11.58),
  city('Vienna', 'Austria', 48.21, 16.37),
  city('Zurich', 'Switzerland', 47.38, 8.54),
  city('Paris', 'France', 48.86, 2.35),
  city('Lyon', 'France', 45.76, 4.84),
  city('London', 'United Kingdom', 51.51, -0.13),
  city('Leeds', 'United Kingdom', 53.8, -1.55),
  city('Cork', 'Ireland', 51.9, -8.5),
  city('Utrecht', 'Netherlands', 52.09, 5.12),
  city('Brussels', 'Belgium', 50.85, 4.35),
  city('Madrid', 'Spain', 40.42, -3.7),
  city('Seville', 'Spain', 37.39, -5.99),
  city('Milan', 'Italy', 45.46, 9.19),
  city('Rome', 'Italy', 41.9, 12.5),
  city('Warsaw', 'Poland', 52.23, 21.01),
  city('Prague', 'Czechia', 50.08, 14.44),
  city('Budapest', 'Hungary', 47.5, 19.04),
  city('Vilnius', 'Lithuania', 54.69, 25.28),
  city('Ankara', 'Türkiye', 39.93, 32.86),
  city('Cairo', 'Egypt', 30.04, 31.24),
  city('Nairobi', 'Kenya', -1.29, 36.82),
  city('Kampala', 'Uganda', 0.35, 32.58),
  city('Kumasi', 'Ghana', 6.69, -1.62),
  city('Johannesburg', 'South Africa', -26.2, 28.05),
  city('Delhi', 'India', 28.65, 77.2),
  city('Bengaluru', 'India', 12.97, 77.59),
  city('Kathmandu', 'Nepal', 27.71, 85.32),
  city('Chiang Mai', 'Thailand', 18.79, 98.98),
  city('Kuala Lumpur', 'Malaysia', 3.14, 101.69),
  city('Seoul', 'South Korea', 37.55, 127.0),
  city('Kyoto', 'Japan', 35.01, 135.76),
  city('Canberra', 'Australia', -35.28, 149.13),
  city('Hamilton', 'New Zealand', -37.79, 175.28),
  city('Chicago', 'United States', 41.85, -87.75),
  city('Denver', 'United States', 39.74, -104.99),
  city('Austin', 'United States', 30.27, -97.74),
  city('Calgary', 'Canada', 51.05, -114.07),
  city('Ottawa', 'Canada', 45.4, -75.7),
  city('Mexico City', 'Mexico', 19.43, -99.13),
  city('Bogotá', 'Colombia', 4.71, -74.07),
  city('Quito', 'Ecuador', -0.18, -78.47),
  city('São Paulo', 'Brazil', -23.55, -46.63),
  city('Córdoba', 'Argentina', -31.42, -64.18),
  city('Santiago', 'Chile', -33.45, -70.67),
]
