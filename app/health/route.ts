export const { GET, POST } = { GET: () => Response.json({ ok: true }), POST: () => Response.json({}, {status:405}) };
