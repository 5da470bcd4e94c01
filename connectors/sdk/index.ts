export * from './contract.ts'
export { checkDiscovery, shapeOf } from './check-connector.ts'
export { date, decimal, image, instant, int64, json, secret, type JsonInput } from './column-types.ts'
export { describeColumns, titleOf } from './columns.ts'
export { defineConnector, type Definition } from './define-connector.ts'
export { ConfigError, HandoverError, RecordError, SourceError, type ErrorOptions, type FieldFault } from './errors.ts'
export type {
  Http,
  HttpPage,
  LinesPage,
  NextPage,
  PageStep,
  PlaceOptions,
  Query,
  Rate,
  RequestOptions,
  Response,
  StreamedResponse,
} from './http.ts'
export { parseJson, parseRecord, readNumber, stringifyJson } from './json.ts'
export { readLayers, type Layers } from './layers.ts'
export { laterRecord, RawRecord, rawRecord, readRecord, recordText, recordValue, unreadable, type Later } from './record.ts'
export { compileDataset, compileDiscovered, type CompiledDataset, type Item, type Outcome, type Rejection } from './rows.ts'
export { openStreams, partitionOfRow, WHOLE, type OpenStream, type OpenStreams, type ReadContext } from './streams.ts'
export { Fault, ruleOf, type ColumnType, type Rule } from './rules.ts'
export { createHttp, HTTP_LIMITS, type HttpClient, type HttpLimits, type HttpOptions } from './http-client.ts'
export { networkFetcher, type Fetcher, type FetchRequest, type FetchResponse } from './http-fetch.ts'
export { linkHeader, nextToken, nextUrl, offset, pageNumber, recordsAt, type At } from './page-steps.ts'
export { recordPages } from './record-pages.ts'
export { bareAddress, isSecretName } from './http-url.ts'
export { nameOf, plainValues, saidMore, type Said, type SaidMore } from './said-more.ts'
