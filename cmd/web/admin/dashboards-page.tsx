import { VisuallyHidden } from '@mantine/core'
import { IconChartLine, IconExternalLink } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { aboutQuery } from '../shared/about.ts'
import { Loaded } from '../shared/notices.tsx'
import { Page } from '../shared/panes.tsx'
import classes from './dashboards.module.css'
import { dashboards } from './dashboards.ts'

/** Where to look at how Belfry itself does, and how to speak with it. */
export default function DashboardsPage() {
  const about = useQuery(aboutQuery('admin'))
  return (
    <Page title="Dashboards" narrow>
      <Loaded query={about}>
        {({ grafana_url, version }) => (
          <div className={classes.parts}>
            <section>
              <h2>Grafana</h2>
              {grafana_url ? (
                <ul className={classes.links}>
                  {dashboards.map(({ uid, title, about }) => (
                    <Out key={uid} href={`${grafana_url.replace(/\/$/, '')}/d/${uid}`} title={title} about={about} />
                  ))}
                </ul>
              ) : (
                <div className={classes.hint}>
                  <IconChartLine size={32} stroke={1.5} aria-hidden="true" />
                  <p>
                    Set <code>BELFRY_GRAFANA_URL</code> (in the chart <code>config.grafanaUrl</code>) to where Grafana
                    is, and the dashboards that come with Belfry are linked here.
                  </p>
                </div>
              )}
            </section>
            <section>
              <h2>API</h2>
              <ul className={classes.links}>
                <Out
                  href="/api/v1/docs"
                  title="Documentation of the API"
                  about="Every operation with its fields and problems"
                />
                <Out href="/api/v1/openapi.json" title="OpenAPI document" about="The same for programs" />
              </ul>
            </section>
            <p className={classes.version}>Belfry {version}</p>
          </div>
        )}
      </Loaded>
    </Page>
  )
}

function Out({ href, title, about }: { href: string; title: string; about: string }) {
  return (
    <li>
      <a href={href} target="_blank" rel="noopener noreferrer" className={classes.link}>
        <span>
          <strong>{title}</strong>
          <span>{about}</span>
        </span>
        <IconExternalLink size={18} aria-hidden="true" />
        <VisuallyHidden>(opens in a new tab)</VisuallyHidden>
      </a>
    </li>
  )
}
