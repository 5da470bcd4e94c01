import type { Media } from '@handover/sdk'

const BACKGROUNDS = ['b6e3f4', 'c0aede', 'd1d4f9', 'ffd5dc', 'ffdfbf', 'd5f0d0']

/** Draws the picture that belongs to a user id, without network: the same id, the same picture. Style "Notionists" by Zoish, CC0 1.0. */
export async function drawAvatar(userId: string): Promise<Media> {
  // Loaded with the first picture, so that a start does not pay for it.
  const [{ createAvatar }, style] = await Promise.all([import('@dicebear/core'), import('@dicebear/notionists')])
  const svg = createAvatar(style, { seed: userId, size: 96, backgroundColor: BACKGROUNDS }).toString()
  return { bytes: new TextEncoder().encode(svg), type: 'image/svg+xml' }
}
